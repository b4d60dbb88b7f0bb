// outagesim: plays WhatsApp, Instagram and Facebook on loopback until SIGINT or SIGTERM.
#include <csignal>
#include <cstdio>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "outagesim/simulator.hpp"

int main(int argc, char** argv) {
  outaged::sim::Options options;
  switch (outaged::sim::parse_options(argc, argv, options)) {
    case outaged::sim::Parsed::done: return 0;
    case outaged::sim::Parsed::refused: return 64;  // EX_USAGE
    case outaged::sim::Parsed::run: break;
  }
  // Before the thread starts, so that it inherits the mask and sigwait gets the signals.
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGINT);
  sigaddset(&ends, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);
  std::signal(SIGPIPE, SIG_IGN);

  outaged::sim::Simulator simulator(options);
  const auto ready = simulator.start();
  if (!ready) {
    fmt::print(stderr, "outagesim: {}\n", ready.error());
    return 69;  // EX_UNAVAILABLE
  }
  fmt::print("outagesim: ready, {}/ready.json, control API {}\n", options.directory,
             ready->at("control").get<std::string>());
  std::fflush(stdout);
  int signal = 0;
  sigwait(&ends, &signal);
  simulator.stop();
}
