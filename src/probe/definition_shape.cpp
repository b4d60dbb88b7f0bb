// The one description of a probe file: reader, JSON Schema and documentation come from it.

#include "base/number.hpp"
#include "probe/definition.hpp"

namespace outaged::probe {
namespace {

using namespace std::chrono_literals;
using json::Cursor;
using json::Json;
using json::Shape;

std::optional<int> status_number(std::string_view text) {
  const auto value = parse_number<int>(text);
  return value && *value >= 0 && *value <= 999 ? value : std::nullopt;
}

/// 200, "404" or "200-299".
Shape<StatusRange> status_shape() {
  Shape<StatusRange> shape;
  shape.schema = {{"anyOf",
                   {{{"type", "integer"}, {"minimum", 0}, {"maximum", 999}},
                    {{"type", "string"}, {"pattern", "^[0-9]{1,3}(-[0-9]{1,3})?$"}}}}};
  shape.write = [](const StatusRange& range) {
    return range.first == range.last ? Json(range.first)
                                     : Json(std::to_string(range.first) + "-" + std::to_string(range.last));
  };
  shape.read = [](const Json& value, const Cursor& cursor) -> std::optional<StatusRange> {
    if (value.is_number_integer()) {
      const auto number = value.get<std::int64_t>();
      if (number >= 0 && number <= 999) return StatusRange{static_cast<int>(number), static_cast<int>(number)};
    } else if (value.is_string()) {
      const auto text = value.get<std::string>();
      const auto dash = text.find('-');
      const auto first = status_number(std::string_view{text}.substr(0, dash));
      const auto last = dash == std::string::npos ? first : status_number(std::string_view{text}.substr(dash + 1));
      if (first && last && *first <= *last) return StatusRange{*first, *last};
    }
    cursor.fault(json::describe(value), "a status such as 200, or a range such as \"200-299\"");
    return std::nullopt;
  };
  return shape;
}

Shape<std::string> pointer_shape() {
  return json::text("(/[^/]*)*", "a JSON pointer, such as \"/data/0/id\"");
}

Shape<JsonExpectation> json_expectation_shape() {
  return json::object<JsonExpectation>("What must stand there. {} asks only that something does.")
      .field("equals", &JsonExpectation::equals, json::anything(), "Exactly this value.")
      .field("type", &JsonExpectation::type, json::choice<JsonType>(), "A value of this type.")
      .field("matches", &JsonExpectation::matches, pattern_shape(),
             "Text or number that this regular expression finds.")
      .build();
}

Shape<std::map<std::string, JsonExpectation>> json_expectations_shape() {
  return json::map_of(json_expectation_shape(), "(/[^/]*)*", "a JSON pointer, such as \"/data/0/id\"");
}

Shape<std::map<std::string, Pattern>> header_patterns_shape() {
  return json::map_of(pattern_shape(), "[a-z0-9-]+", "a header's name in lower case");
}

Shape<BodyExpectation> body_expectation_shape() {
  return json::object<BodyExpectation>()
      .field("contains", &BodyExpectation::contains, json::nonempty_text(), "This text is in it.")
      .field("matches", &BodyExpectation::matches, pattern_shape(), "This regular expression is found in it.")
      .field("min", &BodyExpectation::min, json::bytes({0}, {64ULL << 20}), "At least this size.")
      .field("max", &BodyExpectation::max, json::bytes({0}, {64ULL << 20}), "At most this size.")
      .check([](const BodyExpectation& body, const Cursor& cursor) {
        if (!body.max || body.min <= *body.max) return true;
        cursor.at("min").fault(format_bytes(body.min) + ", above \"max\", which is " + format_bytes(*body.max),
                               "at most \"max\"");
        return false;
      })
      .build();
}

Shape<MediaExpectation> media_expectation_shape() {
  return json::object<MediaExpectation>(
             "The body decodes as a JPEG or PNG picture, or begins as a WebP, GIF, AVIF or HEIC.")
      .field("min_width", &MediaExpectation::min_width, json::integer(1, 65535), "Pixels.")
      .field("min_height", &MediaExpectation::min_height, json::integer(1, 65535), "Pixels.")
      .build();
}

Shape<FingerprintExpectation> fingerprint_shape() {
  return json::object<FingerprintExpectation>(
             "The answer is like those that this step had before. Learned and kept in the database; an answer of "
             "another "
             "kind is no outage, but is shown with its evidence. Of a dns step: until the server has once answered, "
             "its "
             "silence means nothing.")
      .field("headers", &FingerprintExpectation::headers,
             json::list(json::text("[a-z0-9-]+", "a header's name in lower case"), 0, 20),
             "Headers whose presence belongs to it; of \"server\" also the value.")
      .build();
}

Shape<DnsExpectation> dns_expectation_shape() {
  return json::object<DnsExpectation>()
      .field("rcode", &DnsExpectation::rcode,
             json::text("noerror|nxdomain|servfail|refused", "noerror, nxdomain, servfail or refused"),
             "What the name server answers; absent: noerror.")
      .field("min_records", &DnsExpectation::min_records, json::integer(0, 100), "At least so many records.")
      .field("suffix", &DnsExpectation::suffix, json::nonempty_text(), "Every record that is a name ends so.")
      .build();
}

Shape<Expectation> expectation_shape() {
  return json::object<Expectation>("What a healthy answer looks like. Everything that is given must hold.")
      .field("status", &Expectation::status, json::one_or_list(status_shape()), "HTTP status. Absent: 200-299.")
      .field("headers", &Expectation::headers, header_patterns_shape(), "Header → regular expression.")
      .field("json", &Expectation::json, json_expectations_shape(), "JSON pointer → what stands there.")
      .field("body", &Expectation::body, body_expectation_shape(), "The body.")
      .field("sha256", &Expectation::sha256, template_shape(), "SHA-256 of the body, mostly ${media:sha256}.")
      .field("media", &Expectation::media, media_expectation_shape(), "The body is a picture.")
      .field("certificate", &Expectation::certificate, json::duration(1s, 24h * 3650),
             "The certificate is valid for at least so long.")
      .field("latency", &Expectation::latency, json::duration(1ms, 10min),
             "A slower answer counts as slow, not as failed.")
      .field("dns", &Expectation::dns, dns_expectation_shape(), "For dns steps.")
      .field("fingerprint", &Expectation::fingerprint, fingerprint_shape(),
             "For targets whose healthy answer nobody documents.")
      .build();
}

Shape<SaveRule> save_shape() {
  return json::object<SaveRule>("Exactly one of json, header, body.")
      .field("json", &SaveRule::json, pointer_shape(), "JSON pointer; with first_of, below the entry.")
      .field("header", &SaveRule::header, json::text("[a-z0-9-]+", "a header's name in lower case"), "Header.")
      .field("body", &SaveRule::body, pattern_shape(), "First group of this regular expression.")
      .field("first_of", &SaveRule::first_of, pointer_shape(),
             "JSON pointer to a list: its first entry counts that has what json points to and is as where says.")
      .field("where", &SaveRule::where, json_expectations_shape(), "JSON pointer below the entry → what stands there.")
      .check([](const SaveRule& rule, const Cursor& cursor) {
        if (rule.json.has_value() + rule.header.has_value() + rule.body.has_value() != 1) {
          cursor.fault("another number of sources", "exactly one of \"json\", \"header\", \"body\"");
          return false;
        }
        if ((rule.first_of && !rule.json) || (!rule.where.empty() && !rule.first_of)) {
          cursor.fault("\"first_of\" or \"where\" alone", "\"where\" with \"first_of\", which goes with \"json\"");
          return false;
        }
        return true;
      })
      .schema_also({{"oneOf", {{{"required", {"json"}}}, {{"required", {"header"}}}, {{"required", {"body"}}}}},
                    {"dependentRequired", {{"first_of", {"json"}}, {"where", {"first_of"}}}}})
      .build();
}

Shape<UntilRule> until_shape() {
  return json::object<UntilRule>("Repeat the step until what it expects holds.")
      .field("pause", &UntilRule::pause, json::duration(100ms, 5min), "Between two attempts.")
      .field("attempts", &UntilRule::attempts, json::integer(1, 100), "At most.")
      .field("longest_pause", &UntilRule::longest_pause, json::duration(100ms, 5min),
             "Each pause is twice as long as the one before, up to this. Absent: all are the same.")
      .check([](const UntilRule& until, const Cursor& cursor) {
        if (!until.longest_pause || until.pause <= *until.longest_pause) return true;
        cursor.at("longest_pause")
            .fault(
                format_duration(*until.longest_pause) + ", below \"pause\", which is " + format_duration(until.pause),
                "at least \"pause\"");
        return false;
      })
      .build();
}

Shape<RetryRule> retry_shape() {
  return json::object<RetryRule>(
             "What an earlier step found may be stale by now: the run goes back to that step, once, and then judges.")
      .required("step", &RetryRule::step, json::nonempty_text(),
                "Name of an earlier step. It and those in between only read (GET).")
      .required("status", &RetryRule::status, json::one_or_list(status_shape()), "HTTP status that says so.")
      .build();
}

/// Going back must not do anything a second time.
bool check_retries(const Definition& definition, const Cursor& cursor) {
  const auto& steps = definition.steps;
  for (std::size_t index = 0; index < steps.size(); ++index) {
    if (!steps[index].retry_from) continue;
    const auto at = cursor.at("steps").at(index).at("retry_from");
    const auto first = definition.step_named(steps[index].retry_from->step);
    if (!first || *first >= index || definition.enough || steps[index].always) {
      at.at("step").fault("text \"" + steps[index].retry_from->step + "\"",
                          "the name of an earlier step, in a probe whose steps build on each other");
      return false;
    }
    for (std::size_t again = *first; again <= index; ++again) {
      if (steps[again].http && steps[again].http->method == "GET") continue;
      at.fault("step " + std::to_string(again) + " is asked again", "GET only, from there on");
      return false;
    }
  }
  return true;
}

Shape<ClassifyRule> classify_shape() {
  const auto numbers = json::one_or_list(json::integer(-1'000'000'000, 1'000'000'000));
  return json::object<ClassifyRule>("What an answer that was not as expected means, if everything given holds.")
      .field("status", &ClassifyRule::status, json::one_or_list(status_shape()), "HTTP status.")
      .field("headers", &ClassifyRule::headers, header_patterns_shape(), "Header → regular expression.")
      .field("code", &ClassifyRule::code, numbers, "Graph API error.code.")
      .field("unmet", &ClassifyRule::unmet,
             json::one_or_list(json::text("[a-z0-9_]{1,40}", "lower-case letters, digits and _")),
             "What was not as expected: json, header, body, not_json, sha256, not_an_image, fingerprint and so on")
      .field("subcode", &ClassifyRule::subcode, numbers, "Graph API error.error_subcode.")
      .field("json", &ClassifyRule::json, json_expectations_shape(), "JSON pointer → what stands there.")
      .field("body", &ClassifyRule::body, pattern_shape(), "A regular expression found in the body.")
      .required("class", &ClassifyRule::result_class, json::choice<ResultClass>(), "What it means.")
      .field("layer", &ClassifyRule::layer, json::choice<Layer>(),
             "Where it failed. Absent: api for a Graph error, else http.")
      .required("kind", &ClassifyRule::kind, json::text("[a-z0-9_]{1,40}", "lower-case letters, digits and _"),
                "A short word for counting.")
      .field("note", &ClassifyRule::note, json::text(), "For a person.")
      .field("source", &ClassifyRule::source, json::text(), "Where this is known from.")
      .build();
}

Shape<MultipartField> multipart_shape() {
  return json::object<MultipartField>()
      .required("name", &MultipartField::name, json::nonempty_text(), "Name of the part.")
      .field("value", &MultipartField::value, template_shape(), "Its text.")
      .field("media", &MultipartField::media, json::boolean(), "The generated media instead of a text.")
      .check([](const MultipartField& field, const Cursor& cursor) {
        if (field.value.has_value() != field.media) return true;
        cursor.fault(field.media ? "both \"value\" and \"media\"" : "neither \"value\" nor \"media\"",
                     "one of \"value\", \"media\"");
        return false;
      })
      .build();
}

Shape<MediaRequest> media_request_shape() {
  return json::object<MediaRequest>("A valid file made fresh for each run.")
      .required("type", &MediaRequest::type, json::choice<MediaKind>(), "What it is.")
      .field("bytes", &MediaRequest::bytes, json::bytes({1024}, kLargestMedia), "Its size.")
      .build();
}

bool parse_json_texts(const Json& value, const Cursor& cursor, const std::string& pointer,
                      std::map<std::string, TextTemplate>& out) {
  bool whole = true;
  if (value.is_string()) {
    if (value.get_ref<const std::string&>().find("${") == std::string::npos) return true;
    const auto text = TextTemplate::parse(value.get_ref<const std::string&>(), cursor);
    if (text) out.emplace(pointer, *text);
    return text.has_value();
  }
  if (!value.is_structured()) return true;
  for (const auto& [key, child] : value.items()) {
    const Cursor below = cursor.at(key);
    // The cursor escapes the key as a pointer must.
    whole = parse_json_texts(child, below, pointer + below.pointer().substr(cursor.pointer().size()), out) && whole;
  }
  return whole;
}

Shape<HttpStep> http_shape() {
  auto shape =
      json::object<HttpStep>("One HTTP request.")
          .field("method", &HttpStep::method,
                 json::text("GET|HEAD|POST|PUT|DELETE|PATCH|OPTIONS", "GET, HEAD, POST, PUT, DELETE, PATCH or OPTIONS"),
                 "Method.")
          .required("url", &HttpStep::url, template_shape(), "http or https address.")
          .field("headers", &HttpStep::headers, json::map_of(template_shape(), "[A-Za-z0-9_-]+", "a header's name"),
                 "Headers.")
          .field("query", &HttpStep::query, json::map_of(template_shape()), "Query parameters, encoded as needed.")
          .field("body", &HttpStep::body, template_shape(), "Body as text.")
          .field("json", &HttpStep::json, json::anything(), "Body as JSON; texts in it are templates.")
          .field("form", &HttpStep::form, json::map_of(template_shape()), "Body as a URL-encoded form.")
          .field("multipart", &HttpStep::multipart, json::list(multipart_shape(), 1, 20), "Body in parts.")
          .field("media", &HttpStep::media, media_request_shape(),
                 "A fresh picture or film; the body, unless multipart places it.")
          .field("ip", &HttpStep::ip, json::choice<net::IpFamily>(),
                 "IP version. Without it that of the configuration (network.ip).")
          .field("follow", &HttpStep::follow, json::integer(0, 10), "Redirects to follow, each recorded as a step.")
          .field("max_body", &HttpStep::max_body, json::bytes({1024}, {64ULL << 20}), "A larger answer fails.")
          .field("read_at_most", &HttpStep::read_at_most, json::bytes({1024}, {64ULL << 20}),
                 "Of a larger answer the rest is not read.")
          .check([](const HttpStep& step, const Cursor& cursor) {
            const bool media_body = step.media && !step.multipart;
            const int bodies = step.body.has_value() + step.json.has_value() + step.form.has_value() +
                               step.multipart.has_value() + (media_body ? 1 : 0);
            if (bodies <= 1) return true;
            cursor.fault("several bodies", "at most one of \"body\", \"json\", \"form\", \"multipart\", \"media\"");
            return false;
          })
          .build();
  shape.read = [read = shape.read](const Json& value, const Cursor& cursor) -> std::optional<HttpStep> {
    auto step = read(value, cursor);
    if (step && step->json && !parse_json_texts(*step->json, cursor.at("json"), "", step->json_texts))
      return std::nullopt;
    return step;
  };
  return shape;
}

Shape<ConnectStep> connect_shape(const std::string& help) {
  return json::object<ConnectStep>(help)
      .required("target", &ConnectStep::target, template_shape(), "\"host:port\", or an http or https address.")
      .field("ip", &ConnectStep::ip, json::choice<net::IpFamily>(),
             "IP version. Without it that of the configuration (network.ip).")
      .field(
          "last_known", &ConnectStep::last_known, json::boolean(),
          "When the name does not resolve, connect to where it last led: tells names that are gone from servers that "
          "are gone.")
      .field("refusal", &ConnectStep::refusal, json::boolean(), "A refused connection is an answer, too.")
      .build();
}

Shape<DnsStep> dns_shape() {
  return json::object<DnsStep>("One question to a name server.")
      .required("name", &DnsStep::name, template_shape(), "The name, or an address whose host is asked for.")
      .field("type", &DnsStep::type, json::choice<net::RecordType>(), "Type of record.")
      .field(
          "server", &DnsStep::server, template_shape(),
          "Whom to ask: an address or a name, with or without a port. Absent: the configured servers. A name that does "
          "not resolve leads where it last did.")
      .build();
}

/// A body of which less is read than is expected would fail whatever the platform answers.
bool check_body_bounds(const Step& step, const Cursor& cursor) {
  if (!step.http || !step.expect.body) return true;
  const Bytes read = step.http->read_at_most.value_or(step.http->max_body);
  if (step.expect.body->min <= read) return true;
  const std::string bound = step.http->read_at_most ? "\"read_at_most\"" : "\"max_body\"";
  cursor.at("expect").at("body").at("min").fault(
      format_bytes(step.expect.body->min) + ", above " + bound + ", which is " + format_bytes(read),
      "at most " + bound);
  return false;
}

Shape<Step> step_shape() {
  return json::object<Step>("One request: exactly one of http, tcp, tls, dns.")
      .field("name", &Step::name, json::text(), "What it does, in a few words.")
      .field("http", &Step::http, http_shape(), "One HTTP request.")
      .field("tcp", &Step::tcp, connect_shape("A TCP connection, no more."), "A TCP connection.")
      .field("tls", &Step::tls, connect_shape("A TCP connection and a verified TLS handshake."), "A TLS handshake.")
      .field("dns", &Step::dns, dns_shape(), "One question to a name server.")
      .field("expect", &Step::expect, expectation_shape(), "What a healthy answer looks like.")
      .field("save", &Step::save,
             json::map_of(save_shape(), "[a-z][a-z0-9_]*", "a name of lower-case letters, digits and _"),
             "Values for later steps, as ${save:NAME}.")
      .field("until", &Step::until, until_shape(), "Repeat until what is expected holds.")
      .field("retry_from", &Step::retry_from, retry_shape(),
             "Back to an earlier step, once, when its finding is stale.")
      .field("always", &Step::always, json::boolean(),
             "Clean-up: runs whatever happened before, and never changes the verdict.")
      .field("classify", &Step::classify, json::list(classify_shape()), "Rules before those of _classify.json.")
      .check([](const Step& step, const Cursor& cursor) {
        if (step.http.has_value() + step.tcp.has_value() + step.tls.has_value() + step.dns.has_value() == 1)
          return true;
        cursor.fault("another number of kinds", "exactly one of \"http\", \"tcp\", \"tls\", \"dns\"");
        return false;
      })
      .check(check_body_bounds)
      .schema_also(
          {{"oneOf",
            {{{"required", {"http"}}}, {{"required", {"tcp"}}}, {{"required", {"tls"}}}, {{"required", {"dns"}}}}}})
      .build();
}

template <class T>
Shape<T> identity_shape(const std::string& pattern, const std::string& meaning,
                        std::optional<T> (*parse)(std::string_view), std::string (*print)(const T&)) {
  return json::converted<T, std::string>(
      json::text(pattern, meaning),
      [parse, meaning](const std::string& text, const Cursor& cursor) -> std::optional<T> {
        auto value = parse(text);
        if (!value) cursor.fault("text \"" + text + "\"", meaning);
        return value;
      },
      print);
}

}  // namespace

const Shape<Definition>& definition_shape() {
  static const auto shape =
      json::object<Definition>("One probe: what to ask, and what a healthy answer looks like.")
          .required(
              "id", &Definition::id,
              identity_shape<ProbeId>("[a-z0-9]([a-z0-9.-]*[a-z0-9])?", "lower-case letters, digits, inner - and .",
                                      &parse_probe_id, [](const ProbeId& id) { return id.name; }),
              "Unique name.")
          .required("component", &Definition::component,
                    identity_shape<ComponentId>("[a-z0-9]([a-z0-9-]*[a-z0-9])?/[a-z0-9]([a-z0-9-]*[a-z0-9])?",
                                                "platform/function, such as whatsapp/media-upload", &parse_component,
                                                [](const ComponentId& id) { return to_string(id); }),
                    "What it is evidence for.")
          .required("title", &Definition::title, json::nonempty_text(), "What a user would do.")
          .field("description", &Definition::description, json::text(), "What a user would notice when it fails.")
          .field("tier", &Definition::tier, json::choice<Tier>(),
                 "public: no account; authenticated: with the owner's credentials.")
          .field("interval", &Definition::interval, json::duration(1s, 24h), "How often.")
          .field("timeout", &Definition::timeout, json::duration(100ms, 10min), "For the whole run, without clean-up.")
          .field("requires", &Definition::required_secrets, json::list(json::nonempty_text(), 0, 20),
                 "Secrets that it needs. While one is not set, the probe is \"not configured\" and does not run.")
          .field("requires_variables", &Definition::required_variables, json::list(json::nonempty_text(), 0, 20),
                 "Variables that must be there and not empty, likewise.")
          .field("enough", &Definition::enough, json::integer(1, 50),
                 "The steps are independent questions: all run, and so many must succeed. Absent: all, in order.")
          .field("spacing", &Definition::spacing, json::duration(0s, 24h),
                 "Two runs begin at least so far apart, quick re-checks and those by hand included.")
          .field("vendor", &Definition::vendor, vendor_page_shape(),
                 "The answer is a status page; the component is then one of the platform \"vendor\".")
          .required("steps", &Definition::steps, json::list(step_shape(), 1, 50),
                    "In order; stops at the first that fails.")
          .check([](const Definition& definition, const Cursor& cursor) {
            if (definition.enough && *definition.enough > static_cast<std::int64_t>(definition.steps.size())) {
              cursor.at("enough").fault(std::to_string(*definition.enough), "at most the number of steps");
              return false;
            }
            if (definition.vendor.has_value() != (definition.component.platform == kVendorPlatform)) {
              cursor.at("component")
                  .fault("\"" + to_string(definition.component) + "\"",
                         definition.vendor ? "a component of the platform \"vendor\", such as \"vendor/meta\""
                                           : "another platform than \"vendor\", or a field \"vendor\"");
              return false;
            }
            if (definition.vendor && (definition.steps.size() != 1 || !definition.steps.front().http)) {
              cursor.at("steps").fault("other steps", "one step of http, which gets the status page");
              return false;
            }
            if (!definition.steps.front().always) return check_retries(definition, cursor);
            cursor.at("steps").at(0).fault("clean-up as the first step", "a step that can fail before it");
            return false;
          })
          .build();
  return shape;
}

const Shape<ClassifyTable>& classify_table_shape() {
  static const auto shape =
      json::object<ClassifyTable>("Rules for all probes of this folder and those below it.")
          .field("description", &ClassifyTable::description, json::text(), "What it is about.")
          .required("rules", &ClassifyTable::rules, json::list(classify_shape()), "The first that fits counts.")
          .field("otherwise", &ClassifyTable::otherwise, json::list(classify_shape()),
                 "Rules that come after those of the folder above.")
          .build();
  return shape;
}

const Shape<Override>& override_shape() {
  static const auto shape =
      json::object<Override>("Changes to one probe.")
          .field("interval", &Override::interval, json::duration(1s, 24h), "How often.")
          .field("timeout", &Override::timeout, json::duration(100ms, 10min), "For the whole run.")
          .build();
  return shape;
}

}  // namespace outaged::probe
