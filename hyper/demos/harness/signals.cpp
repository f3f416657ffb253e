// hyper/demos/harness/signals.cpp: the handler only writes down which signal came
#include "hyper/demos/harness/signals.h"

#include <csignal>

#include "tensor/program/program.h"

namespace weft::demo {
namespace {

volatile std::sig_atomic_t noted = 0;

volatile std::sig_atomic_t save_asked = 0;

extern "C" void note(int signal) { noted = signal; }
extern "C" void note_save(int) { save_asked = 1; }

}  // namespace

void note_signals() {
  for (int signal : {SIGINT, SIGTERM}) {
    struct sigaction before = {}, action = {};
    sigaction(signal, nullptr, &before);
    if (before.sa_handler == SIG_IGN) continue;
    action.sa_handler = note;
    action.sa_flags = SA_RESTART | static_cast<int>(SA_RESETHAND);  // writes go on; the second signal is the system's
    sigaction(signal, &action, nullptr);
  }
  struct sigaction save = {};
  save.sa_handler = note_save;
  save.sa_flags = SA_RESTART;
  sigaction(SIGUSR1, &save, nullptr);
}

bool save_was_asked() {
  const bool asked = save_asked != 0;
  save_asked = 0;
  return asked;
}

void stop_if_signalled() {
  const int signal = noted;
  if (signal != 0) throw Interrupted(signal, signal == SIGINT ? "stopped by SIGINT" : "stopped by SIGTERM");
}

}  // namespace weft::demo
