import { dayOfYear } from "./sun.js";
import type { SeededRandom } from "./seeded-random.js";

const HOUR = 3600;
const DAY = 86_400;
const FRONT_INTERVAL = 6 * DAY;
const FRONT_PASSAGE = 8 * HOUR;
const CLEARING_AFTER_FRONT = 2.5 * DAY;
const RECOVERY = 3 * DAY;
const CLEAR_SPELL = 2 * DAY;
const CLOUDY_SPELL = 1.2 * DAY;

/** A mean-reverting Gaussian process (Ornstein–Uhlenbeck), stepped exactly: deviation 1, the given memory. */
class Wander {
  value = 0;

  constructor(
    private readonly random: SeededRandom,
    private readonly memorySec: number,
  ) {
    this.value = random.normal();
  }

  step(seconds: number): number {
    const keep = Math.exp(-seconds / this.memorySec);
    this.value = this.value * keep + Math.sqrt(1 - keep * keep) * this.random.normal();
    return this.value;
  }
}

/**
 * The air mass over the orchard: what the site does not make itself. Cold fronts arrive at random (about one in six
 * days, as in southern Brazil's winter), pass in eight hours with cloud and wind, and leave cold, dry, clear air that
 * recovers within days. Between fronts the sky changes between clear and cloudy spells.
 */
export class Weather {
  /** Temperature of the air mass, °C, without the daily cycle. */
  airMass = 0;
  /** Dew point of the air mass, °C. */
  dewPoint = 0;
  /** Cloud fraction, 0 to 1. */
  cloud = 0;
  /** Wind above the orchard, m/s, without gusts. */
  wind = 0;

  private readonly synoptic: Wander;
  private readonly cloudDrift: Wander;
  private readonly cloudField: Wander;
  private readonly windDrift: Wander;
  private readonly dryness: Wander;
  private frontChill = 0;
  private frontDrop = 0;
  private frontAge = DAY;
  private nextFront: number;
  private cloudySpell = false;
  private spellLeft = 0;

  constructor(private readonly random: SeededRandom) {
    this.synoptic = new Wander(random, 2 * DAY);
    this.cloudDrift = new Wander(random, 8 * HOUR);
    this.cloudField = new Wander(random, 40 * 60);
    this.windDrift = new Wander(random, 10 * HOUR);
    this.dryness = new Wander(random, DAY);
    this.nextFront = random.exponential(FRONT_INTERVAL);
  }

  step(timeMs: number, seconds: number): void {
    this.stepFront(seconds);
    this.stepSpell(seconds);
    const passing = this.frontAge < FRONT_PASSAGE;
    const clearing = !passing && this.frontAge < CLEARING_AFTER_FRONT;
    const season = 13.8 + 4.5 * Math.cos((2 * Math.PI * (dayOfYear(timeMs) - 20)) / 365);
    this.airMass = season + 1.5 * this.synoptic.step(seconds) - this.frontChill;
    const cloudiness = passing ? 1.5 : clearing ? -1.3 : this.cloudySpell ? 1 : -1;
    const veil = cloudiness + 0.8 * this.cloudDrift.step(seconds) + 0.4 * this.cloudField.step(seconds);
    this.cloud = 1 / (1 + Math.exp(-1.8 * veil));
    const depression = (clearing ? 8 : this.cloudySpell || passing ? 3 : 5.5) + 2 * this.dryness.step(seconds);
    this.dewPoint = this.airMass - Math.max(0.5, depression);
    const windLevel = passing ? 1.4 : clearing ? 0.5 : 0.7;
    this.wind = Math.exp(windLevel + 0.5 * this.windDrift.step(seconds));
  }

  private stepFront(seconds: number): void {
    this.nextFront -= seconds;
    this.frontAge += seconds;
    if (this.nextFront <= 0) {
      this.frontDrop = Math.max(2, 5 + 2 * this.random.normal());
      this.frontAge = 0;
      this.nextFront = FRONT_PASSAGE + this.random.exponential(FRONT_INTERVAL);
    }
    if (this.frontAge < FRONT_PASSAGE) this.frontChill += (this.frontDrop * seconds) / FRONT_PASSAGE;
    this.frontChill -= (this.frontChill * seconds) / RECOVERY;
  }

  private stepSpell(seconds: number): void {
    this.spellLeft -= seconds;
    if (this.spellLeft > 0) return;
    this.cloudySpell = !this.cloudySpell;
    this.spellLeft = this.random.exponential(this.cloudySpell ? CLOUDY_SPELL : CLEAR_SPELL);
  }
}
