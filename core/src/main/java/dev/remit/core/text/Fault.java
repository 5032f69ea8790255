package dev.remit.core.text;

/// One thing wrong in a file that people wrote.
///
/// @param file path within the folder
/// @param line from 1; 0 if it concerns the whole file
/// @param column from 1; 0 if it concerns the whole line
/// @param wrong what is wrong
/// @param right what would be right
public record Fault(String file, int line, int column, String wrong, String right) {
    @Override
    public String toString() {
        var at = line == 0 ? file : file + ":" + line + ":" + column;
        return at + ": " + wrong + (right.isEmpty() ? "" : " → " + right);
    }
}
