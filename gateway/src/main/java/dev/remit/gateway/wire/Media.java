package dev.remit.gateway.wire;

import java.util.Locale;

/// What of a prompt is no text.
///
/// @param pictures how many there are, in the body or by URL
/// @param pictureBytes of the body that are pictures, in base64: what a picture costs goes by its
///   size on the screen, where its vendor has said so, and not by these
/// @param sounds that have at least a byte for each token: WAV and MP3
/// @param packed what can hold any number of tokens in few bytes: documents such as PDF, films, and
///   sound in other forms. Nothing but the model's window bounds it
/// @param heard whether there is sound in any of it, which may have a price of its own
public record Media(int pictures, long pictureBytes, int sounds, int packed, boolean heard) {
    public static final Media NONE = new Media(0, 0, 0, 0, false);

    public int count() {
        return pictures + sounds + packed;
    }

    /// Media as they are found, one by one.
    static final class Counting {
        private int pictures;
        private long pictureBytes;
        private int sounds;
        private int packed;
        private boolean heard;

        Media found() {
            return pictures == 0 && sounds == 0 && packed == 0
                    ? NONE
                    : new Media(pictures, pictureBytes, sounds, packed, heard);
        }

        void picture(long bytes) {
            pictures++;
            pictureBytes += bytes;
        }

        void packed() {
            packed++;
        }

        /// @param type such as `image/png`; in any case, maybe with parameters
        /// @param bytes of its base64
        void add(String type, long bytes) {
            var plain = type.toLowerCase(Locale.ROOT);
            heard |= plain.startsWith("audio/") || plain.startsWith("video/");
            if (plain.startsWith("image/")) {
                picture(bytes);
            } else if (plain.matches("audio/(wav|x-wav|wave|vnd\\.wave|mp3|mpeg|mpeg3)(;.*)?")) {
                sounds++;
            } else if (!plain.startsWith("text/")) {
                packed++;
            }
        }
    }
}
