#pragma once
// Which faults are on, and whether one of them strikes a given request. Decisions come from the seed alone: each fault
// has a stream of its own for every component, so that what one component meets does not depend on how often the others
// are asked. One thread.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.hpp"
#include "outagesim/fault.hpp"
#include "outagesim/hosts.hpp"

namespace outaged::sim {

/// What a request is for, as far as faults care.
struct Endpoint {
  enum class Kind {
    api,     ///< answers JSON
    lookup,  ///< answers JSON that says where bytes are; fails with the API, not with the bytes
    bytes,   ///< stored bytes
    page     ///< a page for people
  };
  std::vector<std::string_view> platforms;
  std::vector<std::string_view> functions;  ///< several when the same request serves several
  Kind kind = Kind::api;
  std::string host;
  /// It needs a session or makes one, so that failing log-ins concern it.
  bool session = true;
  AddressFamily family = AddressFamily::ipv4;  ///< of the address that was asked
};

/// A fault that strikes, with its shape chosen.
struct Strike {
  Fault fault;
  std::string shape;
  double fraction = 0;  ///< uniform in [0, 1), for details such as where bytes are cut
};

class FaultPlan {
 public:
  explicit FaultPlan(std::uint64_t seed) : seed_(seed) {}

  [[nodiscard]] const std::vector<Fault>& faults() const { return faults_; }
  /// Replaces all; numbers them.
  void set(std::vector<Fault> faults);
  /// Returns the number given.
  std::int64_t add(Fault fault);
  bool remove(std::int64_t id);

  /// May `layer` be played when only the host is known? For dns, tcp and tls: such a fault takes the hosts all of whose
  /// functions it covers (a bare web page beside others does not count); when no host is that much its own, those that
  /// it covers in part.
  /// `family`: of the address that is asked, or asked for; nothing when it is none (a name server's name).
  std::optional<Strike> strike_host(const Host& host, std::string_view name, FaultLayer layer,
                                    std::optional<AddressFamily> family);

  /// The first fault above TLS that strikes a request, and tcp or tls faults that wanted one function of a shared host.
  std::optional<Strike> strike(const Endpoint& endpoint);

  struct Pace {
    double factor = 1.0;
    Micros added{0};
  };
  /// How much slower answers of this endpoint are now.
  [[nodiscard]] Pace pace(const Endpoint& endpoint) const;

 private:
  std::optional<Strike> draw(const Fault& fault, const std::string& component);

  std::uint64_t seed_;
  std::int64_t last_id_ = 0;
  std::vector<Fault> faults_;
  std::map<std::string, Random> streams_;
};

/// Is this endpoint one that the fault means? (The share is another matter.)
bool covers(const Fault& fault, const Endpoint& endpoint);

/// Does the fault strike at addresses of this family? (Nothing: what is asked for is no address.)
bool is_over(const Fault& fault, std::optional<AddressFamily> family);

/// Is this host one that the fault takes as a whole?
bool covers_host(const Fault& fault, const Host& host, std::string_view name);

}  // namespace outaged::sim
