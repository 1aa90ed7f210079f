/** The panel that shows the session of the notebook or console which is in front. */

import { element } from './elements.js';
import { MIME } from './language.js';
import { shared } from './shared.js';

const { Widget } = await shared('@lumino/widgets');

const NOTHING =
  'No AIBasic session here. Open a notebook with the AIBasic kernel, or run %load_ext aibasic_kernel in a Python one.';

export class SessionPanel extends Widget {
  /** @param {object} languages JupyterLab's IEditorLanguageRegistry */
  constructor(languages) {
    super({ node: element('section', { class: 'aib-Session', 'aria-label': 'AIBasic session', tabindex: '-1' }) });
    this.id = 'aibasic-session';
    this.title.caption = 'AIBasic session';
    this._languages = languages;
    this.tell(null, '');
  }

  /**
   * @param {?import('./session_watch.js').SessionState} state null where there is no session
   * @param {string} name of the notebook or console
   */
  tell(state, name) {
    this._state = [state, name];
    if (this.isVisible) {
      this.render();
    }
  }

  onAfterShow() {
    this.render();
  }

  render() {
    const [state, name] = this._state;
    const parts = state ? this._parts(state) : [element('p', {}, NOTHING)];
    this.node.replaceChildren(element('h2', {}, state ? name : 'AIBasic session'), ...parts);
  }

  _parts(state) {
    const connections = state.connections.map(connection);
    const none = text => [element('p', { class: 'aib-Session-none' }, text)];
    return [
      facts(state),
      element('h3', {}, 'Connections'),
      ...(connections.length ? [element('ul', {}, ...connections)] : none('no service is configured')),
      element('h3', {}, 'Program'),
      ...(state.program.length ? this._program(state.program) : none('no numbered line yet'))
    ];
  }

  /** The lines under the label of their cell. */
  _program(lines) {
    const cells = new Map();
    lines.forEach(line => cells.set(line.cell, [...(cells.get(line.cell) ?? []), line.text]));
    return [...cells].map(([cell, texts]) => {
      const code = element('code');
      this._languages.highlight(texts.join('\n'), this._languages.findByMIME(MIME), code);
      const listing = element('pre', { tabindex: '0', 'aria-label': `Program of ${cell}` }, code);
      return element('details', { open: '' }, element('summary', {}, cell), listing);
    });
  }
}

/** Model, price and switches. */
function facts(state) {
  const rows = [
    ['Model', state.model || 'none yet'],
    ['Cost', state.cost || 'nothing yet'],
    ['Tokens', state.tokens.toLocaleString('en')],
    ['Frozen', state.frozen ? 'yes: no model is asked' : 'no'],
    ...(state.trace ? [['Trace', 'on']] : []),
    ...(state.immediate ? [] : [['Immediate', 'off: numbered lines are only stored']])
  ];
  return element('dl', {}, ...rows.flatMap(([key, value]) => [element('dt', {}, key), element('dd', {}, value)]));
}

function connection({ name, variable, state, where, production, readonly }) {
  const marks = [
    ...(production ? [element('strong', { class: 'aib-Production' }, 'PRODUCTION')] : []),
    ...(readonly ? [element('span', { class: 'aib-Session-mark' }, 'READONLY')] : [])
  ];
  const told = [state, where].filter(Boolean).join(' · ');
  const names = [element('b', {}, name), ' ', element('code', {}, variable), ' '];
  return element('li', {}, ...names, ...marks, element('div', {}, told));
}
