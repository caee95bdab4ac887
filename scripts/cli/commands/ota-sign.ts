import type { Command } from "commander";
import { usage } from "../../errors/usage.js";
import { readBytes } from "../../model/model-file.js";
import { describeFile } from "../../ota/describe-file.js";
import { UPDATE_KINDS } from "../../ota/manifest.js";
import { signFiles, type Order } from "../../ota/sign-files.js";
import { Signer } from "../../ota/signer.js";
import type { Trial, UpdateKindName } from "../../ota/update-manifest.js";
import { addSigningOptions, signerOptions, wholeNumber, type SigningOptions } from "./ota-options.js";
import { printSigned } from "./ota-print.js";

interface Options extends SigningOptions {
  kind?: string;
  application?: string;
  boards?: string;
  device?: string;
  runtime?: string;
  label?: string;
  sequence?: string;
  compress?: boolean;
  together?: boolean;
  trialInferences?: string;
  trialCrashes?: string;
  trialFreeBytes?: string;
  trialInferenceMs?: string;
  json?: boolean;
}

/** `sertao ota sign`. */
export function otaSignCommand(ota: Command): void {
  const command = ota
    .command("sign")
    .description("sign models, applications or configurations; writes FILE.update for each")
    .argument("<files...>", "files of a build's folder, or any others with --kind and --application")
    .option("--kind <kind>", "model, application or config, where the file does not tell")
    .option("--application <name>", "application that it is for, where no build tells")
    .option("--boards <ids>", "boards that may take it, separated by commas (default: the build's)")
    .option("--device <id>", "the one device that may take it")
    .option("--runtime <version>", "least version of Sertão on the device (default for a model: the build's)")
    .option("--label <text>", "text for people")
    .option("--sequence <number>", "sequence of the first (default: the time in seconds)")
    .option("--compress", "send it compressed")
    .option("--together", "a model and an application that become active together")
    .option("--trial-inferences <number>", "inferences that confirm it")
    .option("--trial-crashes <number>", "crashed boots that take it back")
    .option("--trial-free-bytes <number>", "free memory that must be left")
    .option("--trial-inference-ms <number>", "longest that an inference may take")
    .option("--json", "print JSON");
  addSigningOptions(command).action(sign);
}

async function sign(files: string[], options: Options): Promise<void> {
  const orders = files.map((file) => orderOf(file, options));
  if (
    options.together === true &&
    orders
      .map(({ manifest }) => manifest.kind)
      .sort()
      .join() !== "application,model"
  )
    throw usage("--together takes one model and one application.");
  const sequence = options.sequence === undefined ? undefined : wholeNumber("--sequence", options.sequence);
  const signing = await signerOptions(options);
  Signer.use(signing, (signer) => {
    const signed = signFiles(signer, orders, { disk: signing.disk, sequence, together: options.together });
    printSigned(signed, signer, options.json === true);
  });
}

function orderOf(path: string, options: Options): Order {
  const { application, device, runtime, label, boards } = options;
  const image = readBytes(path);
  const trial = trialOf(options);
  const manifest = {
    ...describeFile(path, image, { kind: kindNamed(options.kind), application }),
    ...(boards !== undefined && { boards: boards.split(",") }),
    ...(device !== undefined && { device }),
    ...(runtime !== undefined && { runtime }),
    ...(label !== undefined && { label }),
    ...(trial !== undefined && { trial }),
  };
  return { manifest, image, compress: options.compress === true, output: `${path}.update` };
}

function kindNamed(name: string | undefined): UpdateKindName | undefined {
  const kind = UPDATE_KINDS.find((known) => known === name && known !== "key");
  if (name !== undefined && kind === undefined) throw usage(`--kind ${name} is not model, application or config.`);
  return kind;
}

function trialOf(options: Options): Trial | undefined {
  const given = [
    ["inferences", "--trial-inferences", options.trialInferences],
    ["crashes", "--trial-crashes", options.trialCrashes],
    ["freeBytes", "--trial-free-bytes", options.trialFreeBytes],
    ["inferenceMs", "--trial-inference-ms", options.trialInferenceMs],
  ] as const;
  const trial = given.flatMap(([name, option, text]) =>
    text === undefined ? [] : [[name, wholeNumber(option, text)] as const],
  );
  return trial.length === 0 ? undefined : Object.fromEntries(trial);
}
