// hyper/demos/harness/signals.cpp: the handler only writes down which signal came
#include "hyper/demos/harness/signals.h"

#include <csignal>

namespace weft::demo {
namespace {

volatile std::sig_atomic_t noted = 0;

extern "C" void note(int signal) { noted = signal; }

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
}

void stop_if_signalled() {
  const int signal = noted;
  if (signal != 0) throw Interrupted(signal, signal == SIGINT ? "stopped by SIGINT" : "stopped by SIGTERM");
}

}  // namespace weft::demo
