package dev.remit.gateway.vendor;

import static dev.remit.gateway.vendor.Bench.json;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AnswerSchemaTest {
    private static boolean isStrict(String schema) {
        return AnswerSchema.of(json(schema)).isStrict();
    }

    private static String closed(String more) {
        return "{'type':'object','additionalProperties':false,'required':['a'],'properties':{'a':"
                + more
                + "}}";
    }

    @Test
    void strict_is_said_only_of_what_strict_mode_takes() {
        assertThat(isStrict(closed("{'type':'string','format':'date-time'}"))).isTrue();
        assertThat(isStrict(closed("{'type':['string','null'],'description':'x'}"))).isTrue();
        assertThat(isStrict(closed("{'type':'array','items':{'enum':['P0','P1']}}"))).isTrue();
        assertThat(isStrict(closed("{'anyOf':[{'type':'string'},{'type':'null'}]}"))).isTrue();
        assertThat(isStrict(closed(closed("{'type':'number','minimum':0}")))).isTrue();

        assertThat(isStrict(closed("{'type':'string','minLength':1}"))).isFalse();
        assertThat(isStrict(closed("{'type':'string','format':'uri'}"))).isFalse();
        assertThat(isStrict(closed("{'oneOf':[{'type':'string'}]}"))).isFalse();
        assertThat(isStrict(closed("{'type':'object','properties':{}}"))).isFalse();
        assertThat(isStrict(closed("{'type':['object','null'],'properties':{}}"))).isFalse();
        assertThat(isStrict(closed("true"))).isFalse();
        assertThat(isStrict(closed("{'type':'array','items':{'type':'object'}}"))).isFalse();
        assertThat(isStrict("{'type':'object','properties':{'a':{}},'additionalProperties':false}"))
                .isFalse();
        var deep = "{'type':'string'}";
        for (int i = 0; i < 12; i++) {
            deep = closed(deep);
        }
        assertThat(isStrict(deep)).isFalse();
    }

    @Test
    void a_schema_is_not_changed_by_being_sent() {
        var schema = json("{'$schema':'x','type':'string','$defs':{'a':{}}}");
        var before = schema.deepCopy();
        var wire = AnswerSchema.of(schema);
        assertThat(schema).isEqualTo(before);
        assertThat(wire.wire().has("$defs")).isTrue();
        assertThat(wire.unwrap(json("{'value':'x'}"))).isEqualTo(json("'x'"));
        assertThat(wire.unwrap(json("'x'"))).isEqualTo(json("'x'"));
    }
}
