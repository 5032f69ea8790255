package dev.remit.gateway.relay;

import dev.remit.core.money.Attempt.End;
import dev.remit.core.money.Money;
import dev.remit.core.money.Usage;
import dev.remit.gateway.wire.ChatAnswer;
import dev.remit.gateway.wire.Codec;
import dev.remit.gateway.wire.Dialect;
import dev.remit.gateway.wire.Garbage;
import dev.remit.http.client.ThinAnswer;
import dev.remit.http.client.UpstreamException;
import org.jspecify.annotations.Nullable;

/// Reads an answer that comes as one piece.
///
/// @param passOn whether it may go to the client as it came
/// @param lowered the cap that the budget allowed; absent: as it was asked for
record WholeAnswer(
        Leg leg, Account account, Dialect dialect, boolean passOn, @Nullable Integer lowered) {
    static final int LARGEST = 64 << 20;

    Tried read(ThinAnswer answer) throws UpstreamException, InterruptedException {
        var bytes = answer.body(LARGEST);
        leg.firstTokenCame(account);
        ChatAnswer said;
        try {
            said = Codec.of(dialect).readAnswer(bytes);
        } catch (Garbage e) {
            var why = leg.where() + ": " + e.why();
            account.settleLost(End.FAILED, Usage.NONE, false, null, why);
            return leg.garbage(why);
        }
        account.answeredBy(said.model());
        account.exchanged(leg.trial().kept(said));
        leg.trial().billed(said.usage());
        var fault = Checks.fault(said, leg.route().check(), leg.call().facts());
        if (fault != null) {
            settle(End.FAILED, said, fault);
            return leg.notGood(fault);
        }
        var cost = settle(End.ANSWERED, said, null);
        leg.trial().succeeded();
        var headers = leg.headers(lowered);
        headers.put("x-remit-cost", cost.toString());
        return new Tried.Good(
                leg.call().facts().stream()
                        ? new Result.Flowing(new WholeFlow(said, dialect), headers)
                        : new Result.Whole(said, passOn ? bytes : null, headers));
    }

    private Money settle(End end, ChatAnswer said, @Nullable String why) {
        return said.usage().tokens() > 0
                ? account.settle(end, said.usage(), why)
                : account.settleUntold(end, said.usage(), why);
    }
}
