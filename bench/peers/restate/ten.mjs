// Restate as a peer of `bench sessions`: ten durable steps of 1 KB each. Usage: node ten.mjs PORT
import * as restate from "@restatedev/restate-sdk";

const text = (n) => `result ${n} of the step `.repeat(60).slice(0, 1024);

const ten = restate.service({
  name: "ten",
  handlers: {
    run: async (ctx, input) => {
      let last = input;
      for (let n = 0; n < 10; n++) {
        last = await ctx.run(`step ${n}`, () => text(n));
      }
      return last;
    },
  },
});

restate.serve({ services: [ten], port: Number(process.argv[2]) });
