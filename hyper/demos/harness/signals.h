// hyper/demos/harness/signals.h: Ctrl-C and kill end a run in order
#pragma once
#include <string>

#include "tensor/error.h"

namespace weft::demo {

/// The run was asked to stop. Ends with exit code 128 + signal, as shells have it: 130 SIGINT, 143 SIGTERM.
class Interrupted : public Error {
 public:
  Interrupted(int signal, const std::string& message) : Error(message), signal(signal) {}
  int signal;
};

/// Whether SIGUSR1 came since it was last asked: save, and go on.
bool save_was_asked();

/// From now on the first SIGINT or SIGTERM is only noted; a second one ends the program at once. One that was ignored
/// when the program started stays ignored.
void note_signals();

/// Throws Interrupted when a signal was noted. Called where a run can stop: between steps.
void stop_if_signalled();

}  // namespace weft::demo
