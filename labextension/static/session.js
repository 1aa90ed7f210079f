/** The session at a glance: watches of all notebooks and consoles, and the one in front shown. */

import { ICON } from './icon.js';
import { SessionPanel } from './session_panel.js';
import { SessionStatus } from './session_status.js';
import { SessionWatch } from './session_watch.js';
import { shared } from './shared.js';

const COMMAND = 'aibasic:show-session';

/**
 * @param {object} app the JupyterFrontEnd
 * @param {object} languages JupyterLab's IEditorLanguageRegistry
 * @param {Array<object>} trackers of notebooks and consoles
 * @param {?object} statusBar
 * @param {?object} palette
 */
export async function addSession(app, languages, trackers, statusBar, palette) {
  const { LabIcon } = await shared('@jupyterlab/ui-components');
  const panel = new SessionPanel(languages, widget => app.shell.activateById(widget.id));
  panel.title.icon = new LabIcon({ name: 'aibasic:session', svgstr: ICON });
  app.shell.add(panel, 'right', { rank: 700 });
  app.commands.addCommand(COMMAND, {
    label: 'Show the AIBasic session',
    execute: () => {
      app.shell.activateById(panel.id);
      panel.node.focus();
    }
  });
  palette?.addItem({ command: COMMAND, category: 'AIBasic' });
  const status = new SessionStatus(() => app.commands.execute(COMMAND));
  statusBar?.registerStatusItem('aibasic-labextension:status', {
    item: status,
    align: 'left',
    rank: 20,
    isActive: () => status.isActive,
    activeStateChanged: status.activeChanged
  });
  await follow(app.shell, trackers, (state, widget) => {
    panel.tell(state, widget);
    status.tell(state);
  });
}

/** Call `show` with the state and the notebook or console in front, now and at each change. */
async function follow(shell, trackers, show) {
  const { NotebookActions } = await shared('@jupyterlab/notebook');
  const watches = new Map();
  let front = null;
  const refresh = () => {
    // What is neither a notebook nor a console, a file say, leaves the last of these in front.
    front = watches.has(shell.currentWidget) ? shell.currentWidget : front;
    show(watches.get(front)?.state ?? null, front);
  };
  const add = widget => {
    if (!watches.has(widget)) {
      const watch = new SessionWatch(widget);
      watches.set(widget, watch);
      const refreshOwn = () => widget === front && refresh();
      watch.changed.connect(refreshOwn);
      widget.title.changed.connect(refreshOwn);
      widget.disposed.connect(() => {
        watches.delete(widget);
        front = front === widget ? null : front;
        refresh();
      });
    }
    refresh();
  };
  for (const tracker of trackers) {
    tracker.forEach(add);
    tracker.widgetAdded.connect((sender, widget) => add(widget));
  }
  // A tracker tells only of its own widgets: nothing when a notebook follows a console that followed it.
  shell.currentChanged.connect(refresh);
  NotebookActions.executed.connect((sender, { notebook, cell }) => {
    for (const [widget, watch] of watches) {
      if (widget.content === notebook) {
        watch.ran(cell.model.sharedModel.getSource());
      }
    }
  });
}
