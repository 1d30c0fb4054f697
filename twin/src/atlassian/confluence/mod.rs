//! Confluence Cloud: version 2, and of version 1 what version 2 lacks.

use super::routes::Route;

mod cql;
mod labels;
mod page_json;
mod pages;
mod properties;
mod spaces;
mod storage;
mod v1;
mod versions;

/// Everything that Confluence serves here.
pub const ROUTES: &[Route] = &[
    ("GET", "/wiki/api/v2/pages", pages::list),
    ("POST", "/wiki/api/v2/pages", pages::create),
    ("GET", "/wiki/api/v2/pages/{id}", pages::get),
    ("PUT", "/wiki/api/v2/pages/{id}", pages::update),
    ("DELETE", "/wiki/api/v2/pages/{id}", pages::delete),
    ("GET", "/wiki/api/v2/pages/{id}/versions", versions::list),
    ("GET", "/wiki/api/v2/pages/{page-id}/versions/{version-number}", versions::get),
    ("GET", "/wiki/api/v2/pages/{id}/children", pages::children),
    ("GET", "/wiki/api/v2/pages/{id}/direct-children", pages::direct_children),
    ("GET", "/wiki/api/v2/pages/{id}/descendants", pages::descendants),
    ("GET", "/wiki/api/v2/pages/{id}/ancestors", pages::ancestors),
    ("GET", "/wiki/api/v2/pages/{id}/operations", pages::operations),
    ("GET", "/wiki/api/v2/pages/{id}/footer-comments", pages::no_comments),
    ("GET", "/wiki/api/v2/pages/{id}/inline-comments", pages::no_comments),
    ("GET", "/wiki/api/v2/pages/{id}/labels", labels::list),
    ("GET", "/wiki/api/v2/pages/{page-id}/properties", properties::list),
    ("POST", "/wiki/api/v2/pages/{page-id}/properties", properties::create),
    ("GET", "/wiki/api/v2/pages/{page-id}/properties/{property-id}", properties::get),
    ("PUT", "/wiki/api/v2/pages/{page-id}/properties/{property-id}", properties::update),
    ("DELETE", "/wiki/api/v2/pages/{page-id}/properties/{property-id}", properties::delete),
    ("GET", "/wiki/api/v2/spaces", spaces::list),
    ("GET", "/wiki/api/v2/spaces/{id}", spaces::get),
    ("GET", "/wiki/api/v2/spaces/{id}/pages", spaces::pages),
    ("POST", "/wiki/api/v2/users-bulk", spaces::users),
    ("GET", "/wiki/rest/api/content", v1::list),
    ("GET", "/wiki/rest/api/content/search", v1::content_search),
    ("GET", "/wiki/rest/api/content/{id}", v1::content),
    ("GET", "/wiki/rest/api/content/{id}/version", v1::versions),
    ("GET", "/wiki/rest/api/content/{id}/label", labels::list_v1),
    ("POST", "/wiki/rest/api/content/{id}/label", labels::add),
    ("DELETE", "/wiki/rest/api/content/{id}/label", labels::remove),
    ("DELETE", "/wiki/rest/api/content/{id}/label/{label}", labels::remove),
    ("GET", "/wiki/rest/api/search", v1::search),
    ("GET", "/wiki/rest/api/user/current", v1::current_user),
    ("GET", "/wiki/rest/api/user", v1::user),
    ("GET", "/wiki/rest/api/space", v1::spaces),
    ("GET", "/wiki/rest/api/space/{spaceKey}", v1::space),
    ("GET", "/wiki/spaces/{spaceKey}/pages/{id}", pages::browse),
    ("GET", "/wiki/spaces/{spaceKey}/pages/{id}/{title}", pages::browse),
];
