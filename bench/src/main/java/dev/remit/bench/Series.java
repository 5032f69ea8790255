package dev.remit.bench;

import java.util.List;

/// The same thing measured in several rounds.
record Series(String name, String unit, List<Double> rounds) {
    Series {
        rounds = List.copyOf(rounds);
    }

    double median() {
        return quantile(0.5);
    }

    double least() {
        return quantile(0);
    }

    double most() {
        return quantile(1);
    }

    private double quantile(double share) {
        var sorted = rounds.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return sorted[(int) Math.round(share * (sorted.length - 1))];
    }
}
