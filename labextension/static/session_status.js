/** The session in the status bar: model and price, a button that opens the panel. */

import { element } from './elements.js';
import { shared } from './shared.js';

const { Signal } = await shared('@lumino/signaling');
const { Widget } = await shared('@lumino/widgets');

export class SessionStatus extends Widget {
  /** @param {function(): void} pressed */
  constructor(pressed) {
    const node = element('button', { type: 'button', class: 'aib-Status', title: 'Show the AIBasic session' });
    super({ node });
    node.addEventListener('click', pressed);
    this.isActive = false;
    this.activeChanged = new Signal(this);
  }

  /** @param {?import('./session_watch.js').SessionState} state null where there is no session */
  tell(state) {
    this.isActive = state !== null;
    if (state) {
      const production = state.connections.some(each => each.production && each.state === 'connected');
      const marks = production ? [element('strong', { class: 'aib-Production' }, 'PRODUCTION')] : [];
      const texts = ['AIBasic', state.model, state.cost, state.frozen ? 'frozen' : ''].filter(Boolean);
      this.node.replaceChildren(...marks, texts.join(' · '));
    }
    this.activeChanged.emit();
  }
}
