#pragma once
// Where things are when nobody says otherwise. The daemon and outagectl must agree on these.
#include <string>

namespace outaged::config {

/// Directory for the database: systemd's state directory, else $XDG_DATA_HOME/outaged, else ~/.local/share/outaged.
std::string default_data_directory();

/// The database in it.
std::string default_database();

/// The Unix socket: in systemd's runtime directory, else beside the database.
std::string default_socket(const std::string& database);

/// The configuration that the programs read without --config: $OUTAGED_CONFIG, else /etc/outaged/outaged.json when that
/// exists, else "" (built-in defaults).
std::string default_configuration();

}  // namespace outaged::config
