package dev.remit.gateway.fake;

import dev.remit.core.json.Json;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.SplittableRandom;
import tools.jackson.databind.JsonNode;

/// Embeddings that mean nothing: the same for the same text, of length 1.
final class Vectors {
    static final int DIMENSIONS = 1536;
    private static final int MOST = 4096;

    private Vectors() {}

    static float[] of(String text, int dimensions) {
        var random = new SplittableRandom(text.hashCode());
        var vector = new float[Math.clamp(dimensions, 1, MOST)];
        double square = 0;
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) (random.nextDouble() * 2 - 1);
            square += vector[i] * vector[i];
        }
        for (int i = 0; i < vector.length; i++) {
            vector[i] /= (float) Math.sqrt(square);
        }
        return vector;
    }

    static JsonNode numbers(float[] vector) {
        var list = Json.array();
        for (var number : vector) {
            list.add(number);
        }
        return list;
    }

    static JsonNode base64(float[] vector) {
        var bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (var number : vector) {
            bytes.putFloat(number);
        }
        return Json.text(Base64.getEncoder().encodeToString(bytes.array()));
    }
}
