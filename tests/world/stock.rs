//! Pages that portals send in the place of their own.

pub const CHALLENGE: &str = "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body><h1>Checking your browser</h1>\
    <script>window._cf_chl_opt={}</script></body></html>";
pub const NOTICE: &str = "<html><head><title>Bảo trì hệ thống</title></head><body><h1>Hệ thống đang bảo trì</h1>\
    <p>Cổng thông tin đang được nâng cấp, mời bạn quay lại sau ít phút.</p></body></html>";
pub const LOGIN: &str = "<html><head><title>Đăng nhập</title></head><body><h1>Đăng nhập</h1><form><input name=\"u\">\
    <input type=\"password\" name=\"p\"><button>Đăng nhập</button></form></body></html>";
pub const SHELL: &str = "<!DOCTYPE html><html><head><title>Cổng thông tin</title><script src=\"/app.js\"></script></head>\
    <body><div id=\"root\"></div></body></html>";
