const CTRL_C = "\u0003";

/** Reads a line from the terminal without showing it; Ctrl-C gives the empty one. */
export function askUnseen(question: string): Promise<string> {
  const { stdin, stderr } = process;
  stderr.write(question);
  stdin.setRawMode(true).setEncoding("utf8").resume();
  return new Promise((resolve) => {
    let typed = "";
    const take = (text: string): void => {
      for (const character of text) {
        if (character === "\r" || character === "\n" || character === CTRL_C) {
          stdin.off("data", take).setRawMode(false).pause();
          stderr.write("\n");
          return resolve(character === CTRL_C ? "" : typed);
        }
        typed = character === "\u007f" ? typed.slice(0, -1) : typed + character;
      }
    };
    stdin.on("data", take);
  });
}
