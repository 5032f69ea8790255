package dev.remit.runtime;

/// Where effects run, beside the driver.
interface Workers {
    /// A task under way.
    interface Task {
        /// Asks it to end early.
        void interrupt();
    }

    Task start(String name, Runnable task);

    /// A virtual thread a task.
    static Workers threads() {
        return (name, task) -> Thread.ofVirtual().name(name).start(task)::interrupt;
    }
}
