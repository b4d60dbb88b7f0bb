#pragma once
// Definition: one probe as its file says it. Immutable once it is read; many runs share one.
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/box.hpp"
#include "base/units.hpp"
#include "core/names.hpp"
#include "core/vocabulary.hpp"
#include "net/dns.hpp"
#include "net/settings.hpp"
#include "probe/media.hpp"
#include "probe/pattern.hpp"
#include "probe/text_template.hpp"
#include "probe/vendor_status.hpp"

namespace outaged::probe {

/// HTTP statuses from `first` to `last`.
struct StatusRange {
  int first = 200;
  int last = 299;
  bool operator==(const StatusRange&) const = default;
};

enum class JsonType { string, number, boolean, object, array };

/// What must stand at a JSON pointer. All that is given must hold.
struct JsonExpectation {
  std::optional<json::Json> equals;
  std::optional<JsonType> type;
  std::optional<Pattern> matches;  ///< of a string or number as text
};

struct BodyExpectation {
  std::optional<std::string> contains;
  std::optional<Pattern> matches;
  Bytes min{0};
  std::optional<Bytes> max;
};

struct MediaExpectation {
  std::int64_t min_width = 1;
  std::int64_t min_height = 1;
};

/// How the target usually answers is learned (memory.hpp), because nobody documents it.
struct FingerprintExpectation {
  /// Headers that belong to it, by their presence; of `server` also the value.
  std::vector<std::string> headers{"server", "x-fb-debug", "x-fb-trip-id"};
};

struct DnsExpectation {
  std::optional<std::string> rcode;  ///< "noerror", "nxdomain", "servfail", "refused"
  std::int64_t min_records = 1;
  std::optional<std::string> suffix;  ///< of names, or "" for addresses
};

struct Expectation {
  std::vector<StatusRange> status;
  std::map<std::string, Pattern> headers;       ///< lower-case name → pattern
  std::map<std::string, JsonExpectation> json;  ///< JSON pointer → what stands there
  Box<BodyExpectation> body;
  Box<TextTemplate> sha256;
  std::optional<MediaExpectation> media;
  std::optional<Micros> certificate;  ///< at least this long valid
  std::optional<Micros> latency;      ///< beyond: slow
  Box<DnsExpectation> dns;
  Box<FingerprintExpectation> fingerprint;
};

/// Where a later step's value comes from; exactly one of json, header, body.
struct SaveRule {
  std::optional<std::string> json;    ///< pointer
  std::optional<std::string> header;  ///< name
  std::optional<Pattern> body;        ///< first group
  /// Pointer to a list: `json` and `where` are then below its entries, and the first entry counts that has the one and
  /// meets the other.
  std::optional<std::string> first_of;
  std::map<std::string, JsonExpectation> where;
};

struct UntilRule {
  Micros pause = std::chrono::seconds{2};
  std::int64_t attempts = 10;
  std::optional<Micros> longest_pause;  ///< each pause is twice as long as the one before, up to this; absent: the same

  /// After so many attempts.
  [[nodiscard]] Micros pause_after(std::int64_t attempt) const;
};

/// What an earlier step found may be stale by now: when the answer has this status, the run goes back to that step,
/// once.
struct RetryRule {
  std::string step;  ///< by name
  std::vector<StatusRange> status;
};

/// If everything that is given holds, an answer that was not as expected means this.
struct ClassifyRule {
  std::vector<std::string> unmet;  ///< what was not as expected: Failure::kind of it
  std::vector<StatusRange> status;
  std::map<std::string, Pattern> headers;
  std::vector<std::int64_t> code;     ///< Graph error.code
  std::vector<std::int64_t> subcode;  ///< Graph error.error_subcode
  std::map<std::string, JsonExpectation> json;
  std::optional<Pattern> body;
  ResultClass result_class = ResultClass::our_fault;
  std::optional<Layer> layer;
  std::string kind;
  std::string note;  ///< what it means, for a person
  std::string source;
};

struct MultipartField {
  std::string name;
  std::optional<TextTemplate> value;
  bool media = false;  ///< the generated media
};

struct MediaRequest {
  MediaKind type = MediaKind::png;
  Bytes bytes{64ULL << 10};
};

struct HttpStep {
  std::string method = "GET";
  TextTemplate url;
  std::map<std::string, TextTemplate> headers;
  std::map<std::string, TextTemplate> query;
  Box<TextTemplate> body;
  std::optional<json::Json> json;  ///< texts in it are templates
  Box<std::map<std::string, TextTemplate>> form;
  Box<std::vector<MultipartField>> multipart;
  std::optional<MediaRequest> media;  ///< the body, unless multipart places it
  std::optional<net::IpFamily> ip;    ///< none: as the configuration says
  std::int64_t follow = 0;
  Bytes max_body{1ULL << 20};
  std::optional<Bytes> read_at_most;  ///< what comes after is not read; wins over max_body

  /// The texts in `json` with values in them, by pointer; made when the file is read.
  std::map<std::string, TextTemplate> json_texts;
};

struct ConnectStep {
  TextTemplate target;              ///< "host:port", or an http(s) address
  std::optional<net::IpFamily> ip;  ///< none: as the configuration says
  bool last_known = false;          ///< when the name does not resolve, ask where it last led
  bool refusal = false;             ///< counts as an answer
};

struct DnsStep {
  TextTemplate name;
  net::RecordType type = net::RecordType::a;
  std::optional<TextTemplate> server;
};

struct Step {
  std::string name;
  Box<HttpStep> http;
  Box<ConnectStep> tcp;
  Box<ConnectStep> tls;
  Box<DnsStep> dns;
  Expectation expect;
  std::map<std::string, SaveRule> save;
  std::optional<UntilRule> until;
  std::optional<RetryRule> retry_from;
  bool always = false;
  std::vector<ClassifyRule> classify;

  [[nodiscard]] StepKind kind() const {
    if (dns) return StepKind::dns;
    if (tcp) return StepKind::tcp;
    return tls ? StepKind::tls : StepKind::http;
  }
};

struct Definition {
  ProbeId id;
  ComponentId component;
  std::string title;
  std::string description;
  Tier tier = Tier::open;
  Micros interval = std::chrono::minutes{1};
  Micros timeout = std::chrono::seconds{10};
  std::vector<std::string> required_secrets;
  std::vector<std::string> required_variables;
  std::optional<std::int64_t> enough;  ///< so many steps must succeed; all of them run
  Micros spacing{0};                   ///< two runs begin at least so far apart, whoever asks for them
  std::optional<VendorPage> vendor;    ///< the answer is what a vendor says of itself
  std::vector<Step> steps;

  std::vector<ClassifyRule> table;  ///< the shared rules of its folder and those above; from the catalog
  /// The first step of that name; nothing when there is none.
  [[nodiscard]] std::optional<std::size_t> step_named(std::string_view name) const;
  /// Host that the first step asks, for telling independent witnesses apart.
  [[nodiscard]] std::string endpoint() const;
};

/// Fields of a definition that a configuration may change.
struct Override {
  std::optional<Micros> interval;
  std::optional<Micros> timeout;
};

/// A file `_classify.json`.
struct ClassifyTable {
  std::string description;
  std::vector<ClassifyRule> rules;
  std::vector<ClassifyRule> otherwise;  ///< after the rules of the folder above
};

const json::Shape<Definition>& definition_shape();
const json::Shape<ClassifyTable>& classify_table_shape();
const json::Shape<Override>& override_shape();

/// Reads a definition and looks up the names in its templates. Nothing when a fault was added; then all of them were.
std::optional<Definition> read_definition(const json::Json& content, const FixedValues& values, const std::string& file,
                                          json::Faults& faults);

}  // namespace outaged::probe

namespace outaged {
template <>
inline constexpr auto kEnumNames<probe::JsonType> = std::to_array<std::string_view>({"string", "number", "boolean",
                                                                                     "object", "array"});
template <>
inline constexpr auto kEnumNames<net::RecordType> = std::to_array<std::string_view>({"A", "AAAA", "CNAME", "NS",
                                                                                     "TXT"});
}  // namespace outaged
