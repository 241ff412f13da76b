import { ComponentHarness } from '@angular/cdk/testing';

/** Reads the status page as a person does: by its sentence, its figures and its lists. */
export class StatusPageHarness extends ComponentHarness {
  static readonly hostSelector = 'ch-status-page';
  readonly #sentence = this.locatorFor('[role=status]');
  readonly #main = this.locatorFor('main');
  readonly #terms = this.locatorForAll('dt');
  readonly #values = this.locatorForAll('dd');
  readonly #servers = this.locatorForAll('.server');
  readonly #limits = this.locatorForAll('.degraded p');
  readonly #alert = this.locatorForOptional('[role=alert]');
  readonly #retry = this.locatorFor('[role=alert] button');

  /** Returns the text of the live region. */
  async sentence(): Promise<string> {
    return (await this.#sentence()).text();
  }

  async isLoading(): Promise<boolean> {
    return (await (await this.#main()).getAttribute('aria-busy')) === 'true';
  }

  /** Returns the value beside a term; undefined if the page has no such term. */
  async figure(term: string): Promise<string | undefined> {
    const terms = await Promise.all((await this.#terms()).map((each) => each.text()));
    return (await this.#values())[terms.indexOf(term)]?.text();
  }

  /** Returns the texts of the listed servers, in order. */
  async servers(): Promise<string[]> {
    return Promise.all((await this.#servers()).map((each) => each.text()));
  }

  /** Returns the texts of what is limited, with causes. */
  async limits(): Promise<string[]> {
    return Promise.all((await this.#limits()).map((each) => each.text()));
  }

  /** Returns the error in place of the status. */
  async problem(): Promise<string | undefined> {
    return (await this.#alert())?.text();
  }

  async retry(): Promise<void> {
    await (await this.#retry()).click();
  }

  async text(): Promise<string> {
    return (await this.host()).text();
  }
}
