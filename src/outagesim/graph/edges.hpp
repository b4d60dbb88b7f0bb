#pragma once
// The functions behind the table in api.cpp; each makes one healthy answer. The token has been checked before.
#include "outagesim/graph/call.hpp"
#include "outagesim/http_message.hpp"
#include "outagesim/world.hpp"

namespace outaged::sim::graph {

// whatsapp.cpp: Cloud API
Reply upload_media(World& world, const Call& call);
Reply look_up_media(World& world, const Call& call);
Reply delete_media(World& world, const Call& call);
Reply send_message(World& world, const Call& call);
Reply phone_number(World& world, const Call& call);

// uploads.cpp: Resumable Upload API
Reply start_upload(World& world, const Call& call);
Reply continue_upload(World& world, const Call& call);
Reply upload_offset(World& world, const Call& call);

// pages.cpp: Facebook Pages
Reply page(World& world, const Call& call);
Reply page_feed(World& world, const Call& call);
Reply upload_photo(World& world, const Call& call);
Reply look_up_photo(World& world, const Call& call);
Reply delete_photo(World& world, const Call& call);

// videos.cpp: videos of a page
Reply upload_video(World& world, const Call& call);
Reply upload_reel(World& world, const Call& call);
Reply look_up_video(World& world, const Call& call);
Reply delete_video(World& world, const Call& call);

// instagram.cpp
Reply ig_user(World& world, const Call& call);
Reply ig_feed(World& world, const Call& call);
Reply create_container(World& world, const Call& call);
Reply container_state(World& world, const Call& call);
Reply publish_container(World& world, const Call& call);
Reply publishing_limit(World& world, const Call& call);

}  // namespace outaged::sim::graph
