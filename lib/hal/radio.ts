/** The radio of a device that has one to switch: off, it costs nothing. */
export interface Radio {
  /** Joins the network, and joins it again whenever it is lost. `joined` is called once, when there is an address. */
  on(joined: () => void): void;
  off(): void;
  /** True while there is a network. */
  isJoined(): boolean;
}
