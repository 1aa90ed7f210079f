/** The panel that shows the session of the notebook or console which is in front. */

import { element } from './elements.js';
import { MIME } from './language.js';
import { shared } from './shared.js';

const { Widget } = await shared('@lumino/widgets');

const NOTHING =
  'No AIBasic session here. Open a notebook with the AIBasic kernel, or run %load_ext aibasic_kernel in a Python one.';

export class SessionPanel extends Widget {
  /**
   * @param {object} languages JupyterLab's IEditorLanguageRegistry
   * @param {function(object): void} goTo brings a notebook or console to the front
   */
  constructor(languages, goTo) {
    super({ node: element('section', { class: 'aib-Session', 'aria-label': 'AIBasic session', tabindex: '-1' }) });
    this.id = 'aibasic-session';
    this.title.caption = 'AIBasic session';
    this._languages = languages;
    this._folded = new Set();
    this.node.addEventListener('keydown', event => {
      if (event.key === 'Escape' && this._widget) {
        goTo(this._widget);
      }
    });
    this.tell(null, null);
  }

  /**
   * @param {?import('./session_watch.js').SessionState} state null where there is no session
   * @param {?object} widget the notebook or console that has it
   */
  tell(state, widget) {
    if (widget !== this._widget) {
      this._folded.clear();
    }
    [this._state, this._widget] = [state, widget];
    if (this.isVisible) {
      this.render();
    }
  }

  onAfterShow() {
    this.render();
  }

  /** Show the state anew. Who reads here stays where they were. */
  render() {
    const held = this.node.contains(document.activeElement) ? document.activeElement : null;
    const { scrollTop } = this.node;
    const state = this._state;
    const parts = state ? this._parts(state) : [element('p', {}, NOTHING)];
    this.node.replaceChildren(
      element('h2', {}, state ? this._widget.title.label : 'AIBasic session'),
      ...parts
    );
    this.node.scrollTop = scrollTop;
    if (held && held !== this.node) {
      const place = [...this.node.querySelectorAll('[data-place]')].find(each => each.dataset.place === held.dataset.place);
      (place ?? this.node).focus();
    }
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
    // A cell's label changes when it runs again; its place does not.
    return [...cells].map(([cell, texts], place) => {
      const code = element('code');
      this._languages.highlight(texts.join('\n'), this._languages.findByMIME(MIME), code);
      const named = { tabindex: '0', 'aria-label': `Program of ${cell}`, 'data-place': `program ${place}` };
      const summary = element('summary', { 'data-place': `label ${place}` }, cell);
      const unfolded = this._folded.has(place) ? {} : { open: '' };
      const details = element('details', unfolded, summary, element('pre', named, code));
      details.addEventListener('toggle', () => this._folded[details.open ? 'delete' : 'add'](place));
      return details;
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
