import { proof } from "sertao:proof";
import { platform } from "sertao:platform";
import { startAgent } from "../../lib/app/update-agent.js";

// A script of its own (scripts/bundle/build-agent.ts), which applications evaluate while an offer is open. The build puts
// it in a function that is given `up` and returns `hooks`.
hooks = startAgent(platform.files, platform.clock, proof, up);
