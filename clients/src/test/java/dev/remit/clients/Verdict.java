package dev.remit.clients;

import java.util.List;

/// A structured answer that the clients ask for; they make the schema of its fields.
final class Verdict {
    public String title;
    public double grade;
    public List<String> tags;
}
