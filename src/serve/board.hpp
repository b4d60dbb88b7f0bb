#pragma once
// Board: the current state as finished documents, swapped whole. They are made anew only when the database has changed,
// and so rarely that making them never takes more than a small share of the thread; whoever asks in between gets the
// same bytes. Also tells what has changed, for the event stream. One thread.
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "serve/documents.hpp"
#include "serve/http.hpp"
#include "store/late_reader.hpp"

namespace outaged::serve {

/// One event of the stream.
struct Event {
  std::string name;  ///< component, incident, site, result, changed
  nlohmann::json data;
};

class Board {
 public:
  struct Sources {
    std::string database;
    std::function<View()> view;
    std::function<Instant()> clock;  ///< real time, however fast the daemon's passes
  };
  explicit Board(Sources sources) : sources_(std::move(sources)), reader_(sources_.database) {}

  /// Looks whether something has changed and whether it is time. What happened since the last time it did, for the
  /// event stream (Events::look() is where the daemon calls this).
  [[nodiscard]] std::vector<Event> refresh();

  /// Of the last refresh(); made at the first call.
  std::shared_ptr<const Document> status();
  std::shared_ptr<const Document> components();
  std::shared_ptr<const Document> metrics();
  const nlohmann::json& status_json();
  const nlohmann::json& components_json();
  /// The last fifty of ninety days, as /api/v1/incidents has them.
  const nlohmann::json& recent_incidents();

  /// For small questions; a long one is for the archive. Bounded (store::Reader::limit_work).
  store::Reader& reader();

 private:
  void make();
  void ensure_made();
  void compare(const nlohmann::json& before, std::vector<Event>& events);
  std::vector<Result> take_new_results();

  Sources sources_;
  store::LateReader reader_;
  std::int64_t change_ = -1;
  Instant made_at_{};
  Micros cost_{0};
  nlohmann::json status_json_;
  nlohmann::json components_json_;
  nlohmann::json recent_incidents_;  ///< null until somebody asks
  std::shared_ptr<const Document> status_;
  std::shared_ptr<const Document> components_;
  std::shared_ptr<const Document> metrics_;      ///< null until somebody asks: they are far the longest
  std::set<std::pair<WallTime, ProbeId>> told_;  ///< runs of the last while that are no news any more
};

}  // namespace outaged::serve
