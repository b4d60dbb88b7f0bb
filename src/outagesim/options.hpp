#pragma once
// What outagesim is asked to do.
#include <cstdint>
#include <string>

#include "base/clock.hpp"

namespace outaged::sim {

struct Options {
  // Ports on 127.0.0.1; 0 lets the system choose.
  std::uint16_t https_port = 0;
  std::uint16_t http_port = 0;
  std::uint16_t dns_port = 0;
  std::uint16_t control_port = 0;
  std::uint16_t chat_port = 0;

  /// Where ca.pem, ready.json and the tokens go. Must exist.
  std::string directory;
  std::uint64_t seed = 1;

  /// An incident file, or the beginning of one's name in `incidents`; empty: healthy until told otherwise.
  std::string incident;
  std::string incidents = "config/incidents";
  double speed = 1.0;     ///< simulated seconds per second
  Micros healthy_for{0};  ///< simulated time before the incident begins
  Micros lasting{0};      ///< the incident's course is squeezed into so much simulated time; 0: as it was

  /// A configuration for outaged to be written, or empty; with the folder of probe files and the one for its data.
  std::string write_config;
  std::string probes;
  std::string data;
};

enum class Parsed { run, done, refused };

/// Fills `options`. `done` after --help; `refused` after a message on standard error.
Parsed parse_options(int argc, const char* const* argv, Options& options);

}  // namespace outaged::sim
