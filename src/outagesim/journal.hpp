#pragma once
// What the simulator did, for tests that compare truth with finding. Bounded: the oldest entries go. One thread.
#include <cstdint>
#include <deque>
#include <string>

#include "base/clock.hpp"
#include "base/json/fault.hpp"
#include "outagesim/fault_plan.hpp"

namespace outaged::sim {

struct JournalEntry {
  std::uint64_t number = 0;  ///< from 1, without gaps
  WallTime at;
  std::string stage;  ///< "dns", "connection" or "request"
  std::string host;
  std::string platform;  ///< whose; several separated by commas
  std::string function;  ///< for what; several separated by commas
  std::string request;   ///< method and path, or the DNS question; never a query, which may hold a token
  unsigned status = 0;   ///< HTTP status or DNS rcode
  std::string fault;     ///< layer and shape of the fault that struck, "tls/garbage"; empty when served in health
};

class Journal {
 public:
  void add(JournalEntry entry);
  /// Entries with a number above `after`, oldest first, at most `limit`.
  [[nodiscard]] json::Json entries(std::uint64_t after, std::size_t limit) const;
  [[nodiscard]] std::uint64_t last() const { return last_; }
  [[nodiscard]] std::uint64_t struck() const { return struck_; }

 private:
  static constexpr std::size_t kMaxEntries = 20'000;
  std::deque<JournalEntry> entries_;
  std::uint64_t last_ = 0;
  std::uint64_t struck_ = 0;
};

/// "tls/garbage".
std::string name_of(const Strike& strike);
/// "a,b".
std::string joined(const std::vector<std::string_view>& words);

}  // namespace outaged::sim
