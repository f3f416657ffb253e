// hyper/demos/harness/signals.h: Ctrl-C and kill end a run in order
#pragma once

namespace weft::demo {

/// Whether SIGUSR1 came since it was last asked: save, and go on.
bool save_was_asked();

/// From now on the first SIGINT or SIGTERM is only noted; a second one ends the program at once. One that was ignored
/// when the program started stays ignored.
void note_signals();

/// Throws Interrupted (tensor/program/program.h) when a signal was noted. Called where a run can stop: between steps.
void stop_if_signalled();

}  // namespace weft::demo
