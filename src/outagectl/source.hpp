#pragma once
// Where outagectl's answers come from: the daemon's Unix socket, or the database file when no daemon runs.
#include <functional>
#include <string>

#include <nlohmann/json.hpp>

#include "base/expected.hpp"
#include "outagectl/exit_code.hpp"
#include "store/reader.hpp"

namespace outaged::ctl {

struct Source {
  std::string socket;
  std::string database;
};

struct Document {
  nlohmann::json body;
  bool from_daemon = true;
};

/// Why there is no document.
struct NoDocument {
  std::string reason;
  unsigned status = 0;  ///< HTTP status when the daemon refused (403 also when its socket is closed to this user); 0
                        ///< when nothing could be asked
};

/// The exit code when the daemon refused with an HTTP status, or (0) could not be asked.
ExitCode code_of(unsigned status);

/// Has the daemon change something: POSTs `body`, if there is one, to `target`. Needs a running daemon.
Expected<Document, NoDocument> change(const Source& source, const std::string& target, const nlohmann::json& body,
                                      Micros timeout = std::chrono::seconds{10});

/// Asks the daemon for `target`; when no daemon runs, lets `from_file` make the same document from the database.
Expected<Document, NoDocument> fetch(const Source& source, const std::string& target,
                                     const std::function<nlohmann::json(store::Reader&)>& from_file);

}  // namespace outaged::ctl
