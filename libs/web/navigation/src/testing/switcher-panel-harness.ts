import { ComponentHarness, type TestKey } from '@angular/cdk/testing';

/** Drives the quick switcher as a person does: by its field, its keys and its list. */
export class SwitcherPanelHarness extends ComponentHarness {
  static readonly hostSelector = 'ch-switcher-panel';
  readonly #field = this.locatorFor('input');
  readonly #items = this.locatorForAll('[role=option]');
  readonly #names = this.locatorForAll('[role=option] bdi');
  readonly #activeName = this.locatorForOptional('[aria-selected=true] bdi');

  /** Replaces the text of the field. */
  async type(text: string): Promise<void> {
    const field = await this.#field();
    await field.clear();
    if (text !== '') await field.sendKeys(text);
  }

  /** Presses a key in the field. */
  async press(key: TestKey): Promise<void> {
    await (await this.#field()).sendKeys(key);
  }

  /** Returns the names of the listed items, in order. */
  async items(): Promise<string[]> {
    return Promise.all((await this.#names()).map((name) => name.text()));
  }

  /** Returns the name of the item that Enter opens; undefined for an empty list. */
  async activeItem(): Promise<string | undefined> {
    return (await this.#activeName())?.text();
  }

  /** Clicks an item of the list. */
  async click(name: string): Promise<void> {
    const item = (await this.#items())[(await this.items()).indexOf(name)];
    if (!item) throw new Error(`The switcher lists no "${name}".`);
    await item.click();
  }
}
