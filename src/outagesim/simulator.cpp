#include "outagesim/simulator.hpp"

#include <algorithm>
#include <cstdio>
#include <thread>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <nlohmann/json.hpp>

#include "base/file.hpp"
#include "base/json/write.hpp"
#include "base/log.hpp"
#include "base/real_timer_queue.hpp"
#include "base/units.hpp"
#include "outagesim/certificates.hpp"
#include "outagesim/control_api.hpp"
#include "outagesim/dns_server.hpp"
#include "outagesim/dns_zone.hpp"
#include "outagesim/incident_script.hpp"
#include "outagesim/listener.hpp"
#include "outagesim/ready.hpp"
#include "outagesim/router.hpp"
#include "outagesim/session.hpp"

namespace outaged::sim {
namespace {

namespace asio = boost::asio;
using json::Json;

/// From this share on, a fault of the chat edge closes its port: a bare connection cannot fail one time in three.
constexpr double kChatShare = 0.5;

std::vector<std::string_view> certificate_names() {
  std::vector<std::string_view> names = wildcard_names();
  for (const Host& host : hosts()) names.push_back(host.name);
  return names;
}

Expected<std::optional<Incident>, std::string> load_incident(const Options& options) {
  if (options.incident.empty()) return std::optional<Incident>{};
  const auto path = find_incident(options.incident, options.incidents);
  if (!path) return Unexpected{path.error()};
  auto incident = read_incident(*path);
  if (incident) {
    if (options.lasting.count() > 0) incident->last(options.lasting);
    return std::optional(std::move(*incident));
  }
  std::string reasons;
  for (const auto& fault : incident.error()) reasons += (reasons.empty() ? "" : "\n") + json::to_string(fault);
  return Unexpected{reasons};
}

Clockwork clockwork_of(const Options& options, const std::optional<Incident>& incident) {
  Clockwork clockwork{options.speed, std::nullopt};
  if (incident) clockwork.start = incident->begins() - options.healthy_for;
  if (!incident && options.speed != 1.0) clockwork.start = wall_clock_now();
  return clockwork;
}

}  // namespace

/// Everything that lives on the simulator's thread.
struct Simulator::Impl {
  Impl(Options wanted, std::optional<Incident> to_play)
      : options(std::move(wanted)),
        incident(std::move(to_play)),
        clockwork(clockwork_of(options, incident)),
        clock(io, {clockwork.speed, clockwork.start}),
        world(clock, options.seed),
        plan(options.seed),
        router(world, plan, journal),
        api(world, plan, journal,
            {[this] { refresh_chat(); }, [this](const NetworkCut& cut) { set_network(cut); },
             [this] { return state(); }}),
        certificates(make_certificates(certificate_names())),
        tls_side(certificates,
                 [this](const std::string& name, AddressFamily family) { return strike_connection(name, family); }) {
    if (incident)
      world.vendor = {incident->platforms(), incident->functions(), incident->title, incident->vendor_acknowledged_at,
                      incident->resolved_at};
  }

  Expected<bool, std::string> open();
  Expected<bool, std::string> write_files();
  void turn();
  void say(const std::string& what);
  void refresh_chat();
  void set_network(const NetworkCut& cut);
  Json state() const;
  std::optional<Strike> strike_connection(const std::string& name, AddressFamily family);
  std::optional<DnsReply> resolve_name(Resolver resolver, const DnsQuery& query);
  Outcome redirect_to_https(const Request& request) const;

  Options options;
  std::optional<Incident> incident;
  Clockwork clockwork;
  asio::io_context io{1};
  RealTimerQueue clock;
  World world;
  FaultPlan plan;
  Journal journal;
  Router router;
  ControlApi api;
  Certificates certificates;
  TlsSide tls_side;
  Ports ports;
  NetworkCut network;
  bool announced = false;              ///< that the incident has begun
  std::vector<std::int64_t> scripted;  ///< numbers of the faults that the incident has switched on

  HttpSide platform_side{[this](const Request& request) { return router.answer(request); }};
  HttpSide plain_side{[this](const Request& request) { return redirect_to_https(request); }};
  HttpSide api_side{[this](const Request& request) { return Outcome{api.answer(request), Micros{0}}; }};
  Listener https{io, [this](auto socket) { return serve_tls(std::move(socket), &tls_side, &platform_side); }};
  Listener control_https{io, [this](auto socket) { return serve_tls(std::move(socket), &tls_side, &platform_side); }};
  Listener http{io, [this](auto socket) { return serve_plain(std::move(socket), &plain_side); }};
  Listener chat{io, [](auto socket) { return serve_silence(std::move(socket)); }};
  Listener control{io, [this](auto socket) { return serve_plain(std::move(socket), &api_side); }};
  DnsServer dns{io, [this](const DnsQuery& query) { return resolve_name(Resolver::own, query); }};
  DnsServer dns_authority{io, [this](const DnsQuery& query) { return resolve_name(Resolver::authority, query); }};
  DnsServer dns_quad9{io, [this](const DnsQuery& query) { return resolve_name(Resolver::control, query); }};
  DnsServer dns_cloudflare{io, [this](const DnsQuery& query) { return resolve_name(Resolver::control, query); }};
  std::thread thread;
};

Expected<bool, std::string> Simulator::Impl::open() {
  struct Opening {
    Listener* listener;
    std::uint16_t wanted;
    std::uint16_t* got;
  };
  for (const auto& [listener, wanted, got] :
       {Opening{&https, options.https_port, &ports.https}, Opening{&http, options.http_port, &ports.http},
        Opening{&chat, options.chat_port, &ports.chat}, Opening{&control_https, 0, &ports.control_https},
        Opening{&control, options.control_port, &ports.api}}) {
    const auto port = listener->open(wanted);
    if (!port) return Unexpected{port.error()};
    *got = *port;
  }
  struct DnsOpening {
    DnsServer* server;
    std::uint16_t wanted;
    std::uint16_t* got;
  };
  for (const auto& [server, wanted, got] :
       {DnsOpening{&dns, options.dns_port, &ports.dns}, DnsOpening{&dns_authority, 0, &ports.dns_authority},
        DnsOpening{&dns_quad9, 0, &ports.dns_quad9}, DnsOpening{&dns_cloudflare, 0, &ports.dns_cloudflare}}) {
    const auto port = server->open(wanted);
    if (!port) return Unexpected{port.error()};
    *got = *port;
  }
  world.https_port = ports.https;
  return true;
}

Expected<bool, std::string> Simulator::Impl::write_files() {
  auto ca = write_file_atomically(options.directory + "/ca.pem", certificates.ca_pem);
  if (!ca) return ca;
  auto tokens = write_tokens(world, options.directory);
  if (!tokens) return tokens;
  if (options.write_config.empty()) return true;
  auto terminal = write_terminal(ports, options.directory);
  if (!terminal) return terminal;
  return write_file_atomically(options.write_config,
                               json::written(configuration(world, ports, options, clockwork), 2) + "\n");
}

/// Switches to the incident's faults of this moment, and waits for the next turn.
void Simulator::Impl::turn() {
  const WallTime now = clock.wall_now();
  for (const auto id : scripted) plan.remove(id);
  scripted.clear();
  for (auto& fault : incident->faults_at(now)) scripted.push_back(plan.add(std::move(fault)));
  refresh_chat();
  log::info("incident", {{"id", incident->id}, {"time", format_time(now)}, {"faults", scripted.size()}});
  if (now >= incident->begins() && !announced) say("the simulated incident begins: " + incident->title);
  if (now >= incident->ends()) say("the simulated incident is over; all-clear follows once nothing fails for a while");
  const auto turns = incident->turns();
  const auto next = std::ranges::upper_bound(turns, now);
  if (next != turns.end()) clock.at(clock.now() + (*next - now), [this] { turn(); });
}

/// For whoever watches a demonstration, who must be able to tell truth from finding.
void Simulator::Impl::say(const std::string& what) {
  announced = true;
  const std::string line = "\n──── " + format_clock(clock.wall_now()) + " UTC: " + what + " ────\n";
  std::fputs(line.c_str(), stdout);
  std::fflush(stdout);
}

void Simulator::Impl::refresh_chat() {
  const auto host = std::ranges::find(hosts(), Role::chat, &Host::role);
  for (const AddressFamily family : chat.families()) {
    const bool failing = std::ranges::any_of(plan.faults(), [&](const Fault& fault) {
      const bool reaches = fault.layer == FaultLayer::tcp || fault.layer == FaultLayer::tls ||
                           fault.layer == FaultLayer::http_5xx || fault.layer == FaultLayer::timeout;
      return reaches && fault.share >= kChatShare && is_over(fault, family) && covers_host(fault, *host, host->name);
    });
    if (failing || (network.cut && network.platforms)) {
      chat.cut(family);
    } else {
      chat.restore(family);
    }
  }
}

void Simulator::Impl::set_network(const NetworkCut& cut) {
  network = cut;
  const auto apply = [](auto& port, bool away) { away ? port.cut() : port.restore(); };
  apply(control_https, cut.cut);
  apply(dns_quad9, cut.cut);
  apply(dns_cloudflare, cut.cut);
  apply(https, cut.cut && cut.platforms);
  apply(http, cut.cut && cut.platforms);
  apply(dns, cut.cut && cut.dns);
  apply(dns_authority, cut.cut && cut.platforms);
  refresh_chat();
}

Json Simulator::Impl::state() const {
  Json families = Json::array();
  for (const AddressFamily family : https.families()) families.push_back(to_string(family));
  Json out = {{"families", families},
              {"network", {{"cut", network.cut}, {"platforms", network.platforms}, {"dns", network.dns}}}};
  if (incident) {
    const WallTime now = clock.wall_now();
    out["incident"] = {{"id", incident->id},
                       {"begins", format_time(incident->begins())},
                       {"ends", format_time(incident->ends())},
                       {"phase", now < incident->begins() ? "before"
                                 : now < incident->ends() ? "during"
                                                          : "after"}};
  }
  return out;
}

std::optional<Strike> Simulator::Impl::strike_connection(const std::string& name, AddressFamily family) {
  const Host* host = find_host(name);
  if (host == nullptr) return std::nullopt;
  auto strike = plan.strike_host(*host, name, FaultLayer::tcp, family);
  if (!strike) strike = plan.strike_host(*host, name, FaultLayer::tls, family);
  if (!strike) return strike;
  JournalEntry entry;
  entry.at = clock.wall_now();
  entry.stage = "connection";
  entry.host = name;
  entry.platform = host->platform;
  entry.function = joined(host->functions);
  entry.fault = name_of(*strike);
  journal.add(std::move(entry));
  return strike;
}

std::optional<DnsReply> Simulator::Impl::resolve_name(Resolver resolver, const DnsQuery& query) {
  auto outcome = resolve(resolver, query, plan, https.families());
  JournalEntry entry;
  entry.at = clock.wall_now();
  entry.stage = "dns";
  entry.host = query.name;
  entry.request = "type " + std::to_string(query.type);
  if (outcome.host != nullptr) {
    entry.platform = outcome.host->platform;
    entry.function = joined(outcome.host->functions);
  }
  if (outcome.reply) entry.status = static_cast<unsigned>(outcome.reply->code);
  if (outcome.strike) entry.fault = name_of(*outcome.strike);
  journal.add(std::move(entry));
  return outcome.reply;
}

Outcome Simulator::Impl::redirect_to_https(const Request& request) const {
  Outcome outcome;
  outcome.reply = text_reply(301, "text/html", "");
  outcome.reply.headers.emplace_back("Location", base_url(world, request.host) + request.path);
  return outcome;
}

Simulator::Simulator(Options options) : options_(std::move(options)) {}

Simulator::~Simulator() {
  stop();
}

Expected<Json, std::string> Simulator::start() {
  auto incident = load_incident(options_);
  if (!incident) return Unexpected{incident.error()};
  impl_ = std::make_unique<Impl>(options_, std::move(*incident));
  Impl& impl = *impl_;
  const auto opened = impl.open();
  if (!opened) return Unexpected{opened.error()};
  const auto written = impl.write_files();
  if (!written) return Unexpected{written.error()};
  if (impl.incident) impl.turn();
  const Json said = ready(impl.world, impl.ports, impl.options, impl.clockwork);
  impl.thread = std::thread([&impl] {
    const auto guard = asio::make_work_guard(impl.io);
    for (;;) {
      try {
        impl.io.run();
        return;
      } catch (const std::exception& error) {
        log::error("simulator", {{"reason", error.what()}});
      }
    }
  });
  const auto announced = write_file_atomically(impl.options.directory + "/ready.json", json::written(said, 2) + "\n");
  if (!announced) return Unexpected{announced.error()};
  return said;
}

void Simulator::stop() {
  if (!impl_ || !impl_->thread.joinable()) return;
  impl_->io.stop();
  impl_->thread.join();
}

}  // namespace outaged::sim
