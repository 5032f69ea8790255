package dev.remit.core.json;

/// One place where a value is not as its schema says.
///
/// @param pointer JSON Pointer (RFC 6901) into the value; empty for the whole value
/// @param wrong what is wrong and what would be right; never quotes the value, which may be secret
public record SchemaFault(String pointer, String wrong) {
    @Override
    public String toString() {
        return pointer.isEmpty() ? wrong : pointer + ": " + wrong;
    }
}
