// Around the agent's script (scripts/bundle/build-agent.ts).
declare const up: import("../../lib/update/agent-link.js").LentHost;
declare let hooks: import("../../lib/update/agent-link.js").AgentHooks | undefined;
