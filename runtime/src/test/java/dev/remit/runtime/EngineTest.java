package dev.remit.runtime;

/// The engine with the dispatcher that needs nothing but the log.
class EngineTest extends EngineDurability {
    @Override
    protected Dispatching dispatcher(String node) {
        return Dispatching.local();
    }
}
