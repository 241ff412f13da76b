import { ChangeDetectionStrategy, Component, type ElementRef, input, model, signal, viewChild } from '@angular/core';

let fields = 0;

/** One-line text field with its label, and its error right below it. */
@Component({
  selector: 'ch-field',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <label [for]="id">{{ label() }}</label>
    <input
      #control
      [type]="type()"
      [id]="id"
      [value]="value()"
      (input)="value.set(control.value)"
      (keyup)="look($event)"
      [attr.placeholder]="placeholder() || null"
      [attr.autocomplete]="autocomplete()"
      [attr.aria-invalid]="error() ? 'true' : null"
      [attr.aria-describedby]="error() ? id + '-error' : hint() ? id + '-hint' : null"
      [attr.dir]="type() === 'password' ? null : 'auto'"
      [attr.autocapitalize]="autocomplete() === 'off' || autocomplete() === 'nickname' ? null : 'none'"
      [attr.spellcheck]="autocomplete() === 'nickname' ? null : 'false'"
      enterkeyhint="done"
    />
    <div aria-live="polite">
      @if (isCapsLocked() && capsLockHint()) {
        <p class="hint">{{ capsLockHint() }}</p>
      }
      @if (error(); as error) {
        <p class="error" [id]="id + '-error'">{{ error }}</p>
      } @else if (hint(); as hint) {
        <p class="hint" [id]="id + '-hint'">{{ hint }}</p>
      }
    </div>
  `,
  styles: `
    :host {
      display: block;
      text-align: start;
    }
    label {
      display: block;
      padding: 0 16px 4px;
      font-size: 0.9em;
      font-weight: 700;
    }
    input {
      width: 100%;
      min-height: 44px;
      padding: 8px 16px;
      border: 1px solid var(--line-strong);
      border-radius: var(--pill);
      background: var(--surface);
      font-size: max(16px, 1em);
    }
    input:focus-visible {
      outline-offset: 0;
    }
    input[aria-invalid] {
      border-color: var(--danger);
    }
    p {
      padding: 4px 16px 0;
      font-size: 0.87em;
    }
    .error {
      color: var(--danger);
      font-weight: 700;
    }
    .hint {
      color: var(--muted);
    }
  `,
})
export class Field {
  readonly label = input.required<string>();
  readonly value = model.required<string>();
  readonly placeholder = input('');
  readonly hint = input<string>();
  readonly error = input<string>();
  readonly autocomplete = input('off');
  readonly type = input<'text' | 'password'>('text');
  /** Hint shown while Caps Lock is on. */
  readonly capsLockHint = input('');
  protected readonly isCapsLocked = signal(false);
  protected readonly id = `ch-field-${++fields}`;
  private readonly control = viewChild.required<ElementRef<HTMLInputElement>>('control');

  protected look(event: KeyboardEvent): void {
    this.isCapsLocked.set(event.getModifierState('CapsLock'));
  }

  focus(): void {
    this.control().nativeElement.focus();
    this.control().nativeElement.select();
  }
}
