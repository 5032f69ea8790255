package dev.remit.gateway.vendor;

/// Tokens that vendors add to a prompt of their own, at most.
public final class Overhead {
    /// To a call with tools or a schema: the words that explain them to the model.
    public static final long TOOLS = 1024;

    /// To any call: roles, the beginning of the answer, a date.
    public static final long CALL = 256;

    public static final long A_MESSAGE = 32;
    public static final long A_TOOL = 256;

    private Overhead() {}
}
