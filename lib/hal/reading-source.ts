/** Physical readings by channel name: a simulator, a recording, or a board's own inputs. */
export interface ReadingSource {
  /** The present value in the channel's own unit, or NaN where there is none. */
  read(channel: string): number;
}
