// Around a script that others evaluate (scripts/bundle/build-agent.ts): what it is lent, and what it gives in return.
declare const up: unknown;
declare let hooks: unknown;
