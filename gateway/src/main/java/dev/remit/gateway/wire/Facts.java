package dev.remit.gateway.wire;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What must be known of a request, found in one pass without taking it apart.
///
/// @param model as the client names it: a route, or `provider/model`
/// @param maxOutput the client's cap in tokens; absent: none
/// @param answers how many alternatives are wanted
/// @param turns messages, or items
/// @param tools how many are offered
/// @param media pictures, documents and sounds
/// @param structured whether the answer must be JSON
/// @param usageInStream whether the client asked to be told of usage at the end of a stream
/// @param serviceTier that the client asked for; absent: the usual one
/// @param bounded whether all of its input is in the body; false if it names things that the vendor
///   keeps (files, earlier responses, URLs), so that no bound of its tokens is known from its bytes
/// @param prefix a hash of what stays the same over a conversation: tools, system and first message
/// @param longCache whether parts of the prompt are to be kept for long (Anthropic's `ttl: 1h`):
///   each such token costs twice an uncached one, 1.6 times what writing to the cache usually does,
///   so the bound must be so much higher
public record Facts(
        String model,
        boolean stream,
        boolean usageInStream,
        @Nullable Integer maxOutput,
        int answers,
        int turns,
        int tools,
        Media media,
        boolean structured,
        @Nullable String serviceTier,
        boolean bounded,
        @Nullable String user,
        Map<String, String> metadata,
        long prefix,
        int bytes,
        boolean longCache) {
    /// Nothing is to be kept for long.
    public Facts(
            String model,
            boolean stream,
            boolean usageInStream,
            @Nullable Integer maxOutput,
            int answers,
            int turns,
            int tools,
            Media media,
            boolean structured,
            @Nullable String serviceTier,
            boolean bounded,
            @Nullable String user,
            Map<String, String> metadata,
            long prefix,
            int bytes) {
        this(
                model,
                stream,
                usageInStream,
                maxOutput,
                answers,
                turns,
                tools,
                media,
                structured,
                serviceTier,
                bounded,
                user,
                metadata,
                prefix,
                bytes,
                false);
    }
}
