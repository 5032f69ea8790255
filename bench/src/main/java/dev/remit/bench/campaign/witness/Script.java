package dev.remit.bench.campaign.witness;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.regex.Pattern;

/// What the model says: decided by the conversation alone, so that the same question has the same
/// answer whoever asks it again.
///
/// The plan in the input has a word a turn, of `o` and `a`: each letter is a call of the tool that
/// does a thing once or of the one that may do it again. When the plan is used up, the answer says
/// which steps were told to have been done, their sum, and which messages were heard, in order.
final class Script {
    private static final Pattern MARK =
            Pattern.compile("\"mark\"\\s*:\\s*\"([A-Za-z0-9-]{1,80})\"");
    private static final Pattern PLAN = Pattern.compile("\"plan\"\\s*:\\s*\"([oa,]{0,200})\"");
    private static final Pattern NUMBER = Pattern.compile("\"n\"\\s*:\\s*(\\d{1,9})");
    private static final Pattern SAID = Pattern.compile("\\bsay-(\\d{1,9})\\b");
    private static final Pattern PREFIX = Pattern.compile("keys begin with ([a-z]+_)");

    private Script() {}

    /// @param calls if there are any, `text` is not said
    record Reply(List<Call> calls, String text) {}

    /// @param arguments in JSON
    record Call(String tool, String arguments) {}

    /// By which a call is counted for whoever made it; empty if it has no mark.
    static String mark(Tree asked) {
        return first(MARK, texts(asked, "user"));
    }

    static Reply reply(Tree asked) {
        var user = texts(asked, "user");
        var planned = first(PLAN, user);
        var plan = planned.isEmpty() ? new String[0] : planned.split(",", -1);
        long n = number(first(NUMBER, user));
        int turn = 0;
        for (var message : asked.at("messages").items()) {
            turn += message.at("tool_calls").items().isEmpty() ? 0 : 1;
        }
        return turn < plan.length
                ? new Reply(calls(asked, plan[turn], n, turn), "")
                : new Reply(List.of(), end(asked, n));
    }

    private static List<Call> calls(Tree asked, String word, long n, int turn) {
        var calls = new ArrayList<Call>();
        for (int i = 0; i < word.length(); i++) {
            var tool = tool(asked, word.charAt(i) == 'o' ? "once" : "again");
            var arguments = new LinkedHashMap<String, Object>();
            arguments.put("n", n);
            arguments.put("step", turn * 10 + i);
            arguments.put("evidence", "it is in the plan");
            calls.add(new Call(tool, Tree.write(arguments)));
        }
        return calls;
    }

    private static String tool(Tree asked, String part) {
        for (var tool : asked.at("tools").items()) {
            var name = tool.at("function").at("name").text();
            if (name.contains(part)) {
                return name;
            }
        }
        return part;
    }

    private static String end(Tree asked, long n) {
        var told = new ArrayList<Long>();
        long sum = 0;
        for (var text : texts(asked, "tool")) {
            try {
                var result = Tree.parse(text);
                if (!result.at("value").isMissing()) {
                    told.add(result.at("step").number());
                    sum += result.at("value").number();
                }
            } catch (IllegalArgumentException e) {
                // it failed, and says so in words
            }
        }
        var heard = new ArrayList<Long>();
        for (var text : texts(asked, "user")) {
            var said = SAID.matcher(text);
            while (said.find()) {
                heard.add(number(said.group(1)));
            }
        }
        var prefix = first(PREFIX, texts(asked, "system"));
        var answer = new LinkedHashMap<String, Object>();
        answer.put(prefix + "n", n);
        answer.put(prefix + "told", told);
        answer.put(prefix + "sum", sum);
        answer.put(prefix + "heard", heard);
        return Tree.write(answer);
    }

    private static List<String> texts(Tree asked, String role) {
        var texts = new ArrayList<String>();
        for (var message : asked.at("messages").items()) {
            var from = message.at("role").text();
            if (from.equals(role) || (role.equals("system") && from.equals("developer"))) {
                var content = message.at("content");
                if (content.isText()) {
                    texts.add(content.text());
                }
                content.items().forEach(part -> texts.add(part.at("text").text()));
            }
        }
        return texts;
    }

    private static String first(Pattern pattern, List<String> texts) {
        for (var text : texts) {
            var found = pattern.matcher(text);
            if (found.find()) {
                return found.group(1);
            }
        }
        return "";
    }

    private static long number(String digits) {
        return digits.isEmpty() ? 0 : Long.parseLong(digits);
    }
}
