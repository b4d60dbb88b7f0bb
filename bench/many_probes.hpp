#pragma once
// A configuration with many probes of one target, each a file as a user would write it.
#include <string>

namespace outaged::bench {

struct ManyProbes {
  std::string folder;  ///< made; everything is kept in it
  std::string url;
  std::string ca_file;
  int probes = 1000;
  std::string interval = "10s";
  std::string timeout = "10s";
  int port = 0;   ///< that it serves at; 0: none
  int speed = 1;  ///< of its clock
};

/// Writes it; the path of the configuration file. The database is "outaged.db" beside it. Throws when it cannot.
std::string write_configuration(const ManyProbes& many);

}  // namespace outaged::bench
