#pragma once
// Configuration: the file config/outaged.json as a whole. Every module describes its own section; here they are put
// together, checked with the probe files, and secrets are looked up. Nothing starts before all of it is right.
#include <map>
#include <string>

#include "base/expected.hpp"
#include "base/secret.hpp"
#include "config/log_settings.hpp"
#include "config/pace_settings.hpp"
#include "config/secret_source.hpp"
#include "detect/settings.hpp"
#include "incident/settings.hpp"
#include "net/settings.hpp"
#include "notify/heartbeat.hpp"
#include "notify/routes.hpp"
#include "notify/settings.hpp"
#include "probe/catalog.hpp"
#include "schedule/settings.hpp"
#include "serve/settings.hpp"
#include "store/settings.hpp"

namespace outaged::config {

struct Configuration {
  std::string site = "this machine";
  std::string public_address;
  std::map<std::string, std::string> variables;
  std::map<std::string, SecretSource> secrets;
  probe::Settings probes;
  store::Settings store;
  schedule::Settings schedule;
  detect::Settings detection;
  incident::Settings incidents;
  net::Settings network;
  notify::Settings channels;
  notify::Routes routes;
  notify::Heartbeat heartbeat;
  serve::Settings serve;
  LogSettings log;
  PaceSettings clock;
};

const json::Shape<Configuration>& configuration_shape();

/// A configuration that is right in all its parts, with what it names.
struct Loaded {
  Configuration settings;  ///< paths are absolute or relative to the working directory
  probe::FixedValues values;
  std::vector<probe::CatalogEntry> catalog;
  std::shared_ptr<const Redactor> redactor;
  notify::UnsetSecrets unset;
};

/// For whom a configuration is read.
enum class Reader {
  daemon,  ///< that is to run with it
  person   ///< who checks it: environment and credentials are the daemon's, so that what lacks here is excused
};

/// Reads the file and everything that it names. All faults at once.
Expected<Loaded, json::Faults> load(const std::string& path, Reader reader = Reader::daemon);

/// The settings alone, for programs that only need paths: no probe file is read. "" gives the defaults.
Expected<Configuration, json::Faults> load_settings(const std::string& path);

/// One fault a line.
std::string to_text(const json::Faults& faults);

}  // namespace outaged::config
