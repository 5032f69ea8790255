package dev.remit.gateway.price;

/// A price list that is not taken. The message says where it is wrong and what to do.
public final class InvalidPrices extends Exception {
    private static final long serialVersionUID = 1;

    public InvalidPrices(String message) {
        super(message, null, false, false);
    }

    public String why() {
        return String.valueOf(getMessage());
    }
}
