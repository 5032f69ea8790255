package dev.remit.gateway.relay;

/// What things are called in the ledger and in figures.
final class Words {
    private Words() {}

    /// The client's wire.
    static String wire(Call call) {
        var dialect = call.asked().dialect();
        return dialect == null ? "session" : dialect.word();
    }
}
