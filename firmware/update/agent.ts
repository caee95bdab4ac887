import { proof } from "sertao:proof";
import { platform } from "sertao:platform";
import { startAgent } from "../../lib/app/update-agent.js";
import type { LentHost } from "../../lib/update/agent-link.js";

// A script of its own (scripts/bundle/build-agent.ts), which the keeper evaluates while an offer is open. The build puts
// it in a function that is given `up` and returns `hooks`.
hooks = startAgent(platform.files, platform.clock, proof, up as LentHost);
