import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { linuxField } from "../../boards/linux-field.js";
import { linux } from "../../boards/linux.js";
import { PROVISIONING_FILE } from "../../lib/app/provisioning.js";
import { ENVELOPE_FILE } from "../../lib/update/agent.js";
import { AGENT_FILE } from "../../lib/update/agent-link.js";
import { buildAgent } from "../../scripts/bundle/build-agent.js";
import { findCommand } from "../../scripts/engine/find-command.js";
import { packPieces } from "../../scripts/ota/image.js";
import { sha256 } from "../../scripts/ota/node-digest.js";
import { chipImage } from "../../scripts/simulate/flash/slot-layout.js";
import { keysOnly } from "../../scripts/simulate/update/installed-flash.js";
import { runOnEngine } from "./run-on-engine.js";
import { image, modelUpdate, publicKey, signUpdate } from "./signed-update.js";

const SEQUENCE = modelUpdate.sequence;
const BUDGET_BYTES = 9216;
const envelope = signUpdate(700, { ...modelUpdate, boards: ["esp32"] });
/** Pieces as they travel, each behind its length. */
const pieces = Buffer.concat(
  packPieces(image, "heatshrink").map((piece) =>
    Buffer.concat([Buffer.from([piece.length >> 8, piece.length & 255]), piece]),
  ),
);

/** Lends the agent what an application would, and answers its requests from Storage. */
const HOST = `
var S=require("Storage"),values={},agent,states=[],peak=0;
var offer=[0,${SEQUENCE},${envelope.length},new Uint8Array(${JSON.stringify([...sha256(envelope)])})];
function bytes(file,at,n){return new Uint8Array(E.toArrayBuffer(S.read(file,at,n)));}
function look(){var u=process.memory().usage;if(u>peak)peak=u;}
function block(id,index,data){
  var m=new Uint8Array(13+data.length);
  m.set([0x84,1,0x1a,id>>24,id>>16,id>>8,id,0x19,index>>8,index,0x59,data.length>>8,data.length]);
  m.set(data,13);look();
  if(agent)agent[0](m,0,m.length);
}
function piece(n){var at=0;for(;n;n--){var h=bytes("pieces",at,2);at+=2+h[0]*256+h[1];}var l=bytes("pieces",at,2);return bytes("pieces",at+2,l[0]*256+l[1]);}
function answer(q){
  for(var at=q[4],end=q[4]+q[5];at<end;at+=1024)
    if(q[3])block(q[1],at,piece(at/1024));
    else block(q[1],at,bytes("envelope",at,Math.min(1024,end-at)));
}
function open(done){
  var close=function(restart){look();agent=undefined;print("@restart "+restart);setTimeout(done,50);};
  agent=(0,eval)(S.read("${AGENT_FILE}",0,0))([offer,
    function(k){return values[k]||new Uint8Array(0);},
    function(k,v){values[k]=v.length?new Uint8Array(v):undefined;return 0;},
    function(k){return "model.b";},function(){return 0;},function(){return 0;},
    function(m){print("@staged "+m[2]+" "+m[7]);return 0;},function(){return 0;},
    function(q){setTimeout(answer,1,q);return 0;},
    function(s,state,reason){print("@state "+state+" "+reason);},
    close,"orchard-frost","esp32","tree7","0.1.0",0,60000,new Uint8Array([1,4]),[0,new Uint8Array([1,4]),4,1]]);
}
function usage(){process.memory();return process.memory().usage;}
`;

/** Fetches twice, so that what the first time left behind for good is told from what every time would. */
const RUN = `
var marks=[0,0],round=0;
function next(){
  values={};states=[];
  marks[round]=usage();
  round++;
  if(round<2)open(next);
  else{
    print("@image "+(E.CRC32(S.read("model.b",0,${image.length}))===E.CRC32(S.read("image",0,${image.length}))));
    print("@vars "+marks[0]+" "+marks[1]+" "+peak);
    print("@end");
  }
}
open(next);
`;

for (const [engine, board] of [
  ["espruino", linux],
  ["espruino-field", linuxField],
] as const) {
  const command = findCommand(engine);
  describe.skipIf(!command)(`the update agent on ${engine} (needs ${engine})`, () => {
    it("fetches, verifies and stages, and leaves nothing in memory", async () => {
      const { code } = await buildAgent(board);
      expect(code.length).toBeLessThanOrEqual(BUDGET_BYTES);
      const slot = (name: string, bytes: number) => ({
        name,
        bytes: new Uint8Array(bytes).fill(0xff),
        contentBytes: 0,
      });
      const chip = chipImage(board, [
        { name: AGENT_FILE, bytes: Buffer.from(code, "latin1") },
        { name: PROVISIONING_FILE, bytes: keysOnly([publicKey]) },
        { name: "envelope", bytes: envelope },
        { name: "pieces", bytes: pieces },
        { name: "image", bytes: image },
        slot("model.b", 24_576),
        slot(ENVELOPE_FILE, 4096),
      ]);
      const lines = await runOnEngine(command!, HOST + RUN, "@", "end", (folder) =>
        writeFileSync(join(folder, "espruino.flash"), chip),
      );
      const [before, after, peak] = lines
        .find((line) => line.startsWith("vars "))!
        .split(" ")
        .slice(1)
        .map(Number);
      process.stdout.write(
        `${engine}: agent ${code.length} bytes; JsVars ${before} before an offer, ${peak} at most, ${after} after\n`,
      );
      const once = ["state 1 0", `staged ${SEQUENCE} ${image.length}`, "state 2 0", "restart true"];
      expect(lines.filter((line) => !line.startsWith("vars"))).toEqual([...once, ...once, "image true"]);
      expect(after).toBe(before);
    });
  });
}
