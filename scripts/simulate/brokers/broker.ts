/** A broker that was started for a test or a soak. Everything it keeps is in `folder`, so a second start there is a restart. */
export interface Broker {
  readonly name: string;
  /** Loopback port that speaks MQTT. */
  readonly port: number;
  /** Where it keeps its state; empty for a broker that keeps it in memory. */
  readonly folder: string;
  /** Ends it in good order and keeps the folder. */
  stop(): Promise<void>;
  /** Ends it at once (SIGKILL, or every socket destroyed) and keeps the folder. */
  kill(): Promise<void>;
  /** Ends it and removes what it kept. */
  dispose(): Promise<void>;
}

/** What any broker takes: a restart names the port and the folder of the broker before it. */
export interface BrokerPlace {
  port?: number;
  folder?: string;
}
